/**
 * The mail that brings an invitation, in one language. `{partner}`, `{link}` and `{until}` are
 * filled in.
 */
export interface MailText {
  /** BCP 47. */
  readonly language: string;
  /** As its speakers call it. */
  readonly name: string;
  /** What the partner is called where the setting PARTNER_NAME is empty. */
  readonly partner: string;
  readonly subject: string;
  readonly body: string;
}

/** The languages of the consent pages. */
export const MAIL_TEXTS: readonly MailText[] = [
  {
    language: 'en',
    name: 'English',
    partner: 'your security partner',
    subject: 'Access to your Microsoft Defender',
    body: `Hello,

to look after your Microsoft Defender, {partner} needs the consent of an administrator of your organisation. The page behind this link says what is asked for, what is left out, and how you withdraw it. Nothing happens until you accept at Microsoft:

{link}

The link works once, until {until}. Please do not pass it on outside your organisation. If you do not expect this message, do not open the link, and ask us on a way that you already know.

Kind regards
{partner}`,
  },
  {
    language: 'es',
    name: 'Español',
    partner: 'su socio de seguridad',
    subject: 'Acceso a su Microsoft Defender',
    body: `Hola:

Para ocuparse de su Microsoft Defender, {partner} necesita el consentimiento de un administrador de su organización. La página de este enlace explica qué se solicita, qué queda excluido y cómo puede retirarlo. No ocurre nada hasta que usted acepta en Microsoft:

{link}

El enlace funciona una sola vez, hasta el {until}. Le rogamos que no lo reenvíe fuera de su organización. Si no esperaba este mensaje, no abra el enlace y consúltenos por una vía que ya conozca.

Un cordial saludo
{partner}`,
  },
  {
    language: 'it',
    name: 'Italiano',
    partner: 'il vostro partner per la sicurezza',
    subject: 'Accesso al vostro Microsoft Defender',
    body: `Buongiorno,

per occuparsi del vostro Microsoft Defender, {partner} ha bisogno del consenso di un amministratore della vostra organizzazione. La pagina di questo link spiega che cosa viene richiesto, che cosa resta escluso e come revocarlo. Non succede nulla finché non accettate presso Microsoft:

{link}

Il link funziona una sola volta, fino al {until}. Vi preghiamo di non inoltrarlo al di fuori della vostra organizzazione. Se non aspettavate questo messaggio, non aprite il link e chiedeteci conferma tramite un contatto che già conoscete.

Cordiali saluti
{partner}`,
  },
  {
    language: 'de',
    name: 'Deutsch',
    partner: 'Ihr Sicherheitspartner',
    subject: 'Zugriff auf Ihren Microsoft Defender',
    body: `Guten Tag,

damit {partner} sich um Ihren Microsoft Defender kümmern kann, ist die Zustimmung eines Administrators Ihrer Organisation nötig. Die Seite hinter diesem Link sagt, worum gebeten wird, was ausgeschlossen ist und wie Sie die Zustimmung zurückziehen. Es geschieht nichts, bevor Sie bei Microsoft zustimmen:

{link}

Der Link gilt einmal, bis {until}. Bitte geben Sie ihn nicht außerhalb Ihrer Organisation weiter. Wenn Sie diese Nachricht nicht erwarten, öffnen Sie den Link nicht und fragen Sie uns auf einem Weg, den Sie schon kennen.

Freundliche Grüße
{partner}`,
  },
  {
    language: 'fr',
    name: 'Français',
    partner: 'votre partenaire de sécurité',
    subject: 'Accès à votre Microsoft Defender',
    body: `Bonjour,

Pour s’occuper de votre Microsoft Defender, {partner} a besoin du consentement d’un administrateur de votre organisation. La page de ce lien indique ce qui est demandé, ce qui est exclu et comment le retirer. Rien ne se passe avant que vous n’acceptiez chez Microsoft :

{link}

Le lien fonctionne une seule fois, jusqu’au {until}. Merci de ne pas le transmettre hors de votre organisation. Si vous n’attendez pas ce message, n’ouvrez pas le lien et interrogez-nous par un moyen que vous connaissez déjà.

Cordialement
{partner}`,
  },
  {
    language: 'pt',
    name: 'Português',
    partner: 'o seu parceiro de segurança',
    subject: 'Acesso ao seu Microsoft Defender',
    body: `Olá,

Para cuidar do seu Microsoft Defender, {partner} precisa do consentimento de um administrador da sua organização. A página desta ligação diz o que é pedido, o que fica excluído e como retirar o consentimento. Nada acontece antes de aceitar na Microsoft:

{link}

A ligação funciona uma só vez, até {until}. Pedimos que não a encaminhe para fora da sua organização. Se não esperava esta mensagem, não abra a ligação e pergunte-nos por um meio que já conheça.

Com os melhores cumprimentos
{partner}`,
  },
];
