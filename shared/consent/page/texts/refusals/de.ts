import type { RefusalTexts } from '../texts.ts';

/** The pages of refused consents in German. */
export const REFUSALS_DE: RefusalTexts = {
  invitation_unknown: {
    title: 'Dieser Link ist nicht gültig',
    lines: [
      'Bitte prüfen Sie, ob Sie ihn ganz kopiert haben, oder bitten Sie Ihren Sicherheitspartner um einen neuen.',
    ],
  },
  invitation_expired: {
    title: 'Dieser Link ist abgelaufen',
    lines: [
      'Zu Ihrer Sicherheit gelten Links nur einige Tage. Bitte fragen Sie Ihren Sicherheitspartner nach einem neuen.',
    ],
  },
  invitation_used: {
    title: 'Dieser Link wurde bereits verwendet',
    lines: [
      'Jeder Link gilt nur einmal. Wenn Sie das nicht waren, informieren Sie bitte Ihren Sicherheitspartner.',
    ],
  },
  invitation_revoked: {
    title: 'Dieser Link wurde zurückgezogen',
    lines: [
      'Ihr Sicherheitspartner hat ihn zurückgezogen. Bitte fragen Sie nach einem neuen, falls Sie ihn noch brauchen.',
    ],
  },
  cross_site: {
    title: 'Bitte benutzen Sie die Schaltfläche auf unserer Seite',
    lines: [
      'Diese Anfrage kam von einer anderen Website. Es wurde nichts geändert. Bitte öffnen Sie den Link, den Ihr Sicherheitspartner Ihnen geschickt hat.',
    ],
  },
  state_missing: {
    title: 'Diese Seite lässt sich nicht direkt öffnen',
    lines: ['Bitte öffnen Sie den Link, den Ihr Sicherheitspartner Ihnen geschickt hat.'],
  },
  state_invalid: {
    title: 'Diese Antwort gehört zu keiner Anfrage von uns',
    lines: [
      'Es wurde nichts geändert. Bitte öffnen Sie den Link, den Ihr Sicherheitspartner Ihnen geschickt hat.',
    ],
  },
  state_expired: {
    title: 'Das hat zu lange gedauert',
    lines: [
      'Die Anfrage ist abgelaufen, und es wurde nichts geändert. Bitte öffnen Sie den Link noch einmal.',
    ],
  },
  other_browser: {
    title: 'Bitte benutzen Sie für alle Schritte denselben Browser',
    lines: [
      'Die Anfrage wurde in einem anderen Browser oder Fenster begonnen. Bitte öffnen Sie den Link hier noch einmal.',
    ],
  },
  sign_in_failed: {
    title: 'Die Anmeldung wurde nicht abgeschlossen',
    lines: [
      'Es wurde nichts geändert. Bitte versuchen Sie es noch einmal und melden Sie sich erneut an.',
    ],
  },
  personal_account: {
    title: 'Bitte benutzen Sie Ihr Geschäftskonto',
    lines: [
      'Persönliche Microsoft-Konten gehören zu keiner Organisation. Bitte versuchen Sie es mit Ihrem Geschäftskonto noch einmal.',
    ],
  },
  wrong_tenant: {
    title: 'Dieser Link ist für eine andere Organisation',
    lines: [
      'Sie haben sich bei einer anderen Organisation angemeldet als der, für die der Link ist. Hier wurde nichts vermerkt.',
      'Bitte versuchen Sie es mit einem Konto der richtigen Organisation noch einmal.',
    ],
  },
  tenant_offboarded: {
    title: 'Der Dienst für Ihre Organisation ist beendet',
    lines: [
      'Ihr Sicherheitspartner hat den Dienst beendet und gelöscht, was er über Ihre Organisation gespeichert hatte. Es wurde nichts geändert.',
      'Wenn Sie neu beginnen möchten, bitten Sie Ihren Sicherheitspartner um einen neuen Link, der für Ihre Organisation ausgestellt ist.',
    ],
  },
  declined: {
    title: 'Sie haben die Anfrage abgelehnt',
    lines: [
      'Es wurde nichts erteilt. Unten steht noch einmal, worum gebeten wird. Der Link gilt, bis er abläuft.',
    ],
  },
  admin_required: {
    title: 'Das muss ein Administrator übernehmen',
    lines: [
      'Ihr Konto darf diese Berechtigungen nicht erteilen. Bitte leiten Sie den Link an einen Administrator weiter, oder versuchen Sie es mit einem anderen Konto.',
    ],
  },
  assignment_required: {
    title: 'Ihre Organisation muss Ihnen die App erst zuweisen',
    lines: [
      'In Ihrer Organisation ist für die App eine Zuweisung erforderlich. Ein Administrator kann Sie unter „Unternehmensanwendungen“ zuweisen oder das abschalten.',
    ],
  },
  blocked_by_policy: {
    title: 'Eine Richtlinie Ihrer Organisation hat die Anmeldung verhindert',
    lines: [
      'Eine Richtlinie für bedingten Zugriff oder eine Mandanteneinschränkung hat Sie nicht durchgelassen. Bitte fragen Sie den Administrator, der dafür zuständig ist, oder versuchen Sie es von einem anderen Gerät.',
    ],
  },
  no_subscription: {
    title: 'Microsoft Defender ist in Ihrer Organisation nicht eingerichtet',
    lines: [
      'Ihre Organisation hat für einen der Dienste kein aktives Abonnement. Bitte informieren Sie Ihren Sicherheitspartner.',
    ],
  },
  being_prepared: {
    title: 'Microsoft richtet die App noch ein',
    lines: [
      'Die App wird Ihrer Organisation gerade hinzugefügt oder wurde eben erst entfernt. Bitte versuchen Sie es in einer Viertelstunde noch einmal.',
    ],
  },
  consent_failed: {
    title: 'Microsoft konnte die Zustimmung nicht abschließen',
    lines: [
      'Bitte versuchen Sie es in einigen Minuten noch einmal. Wenn das Problem bestehen bleibt, schicken Sie Ihrem Sicherheitspartner die Angaben unten.',
    ],
  },
  try_later: {
    title: 'Bitte versuchen Sie es in einer Minute noch einmal',
    lines: ['Ein dafür nötiger Dienst antwortet gerade nicht. Es wurde nichts geändert.'],
  },
};
