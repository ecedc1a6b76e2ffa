import type { MailText, Texts } from './texts.ts';

/** The consent pages in German. */
export const DE: Texts = {
  language: 'de',
  partner: 'Ihr Sicherheitspartner',
  invitation: {
    title: '{partner} bittet um Zugriff auf Ihren Microsoft Defender',
    lines: [
      'Bitte lesen Sie, wofür dieser Zugriff gebraucht wird. Es geschieht nichts, bis Sie fortfahren, sich bei Microsoft anmelden und dort zustimmen.',
    ],
    permissionsTitle: 'Was Sie erlauben würden',
    compare:
      'Microsoft zeigt dieselben Berechtigungen, bevor Sie zustimmen. Bitte vergleichen Sie beide Listen.',
    limitsTitle: 'Was dieser Zugriff nicht umfasst',
    limits: {
      identity: 'Sich als jemand aus Ihrer Organisation anmelden, Kennwörter sehen oder ändern',
      content: 'Den Inhalt von E-Mails, Chats oder Dokumenten öffnen',
      changeNothing: 'Etwas in Ihrer Organisation ändern',
      changeNothingElse: 'Etwas anderes ändern, als oben gekennzeichnet ist',
    },
    limitsUnknown:
      'Diese Seite kennt nicht jede der Berechtigungen oben und kann deshalb nicht sagen, was nicht dazugehört. Bitte fragen Sie nach, bevor Sie zustimmen.',
    withdrawTitle: 'Sie können den Zugriff jederzeit entziehen',
    withdraw:
      'Öffnen Sie im Microsoft Entra Admin Center „Unternehmensanwendungen“, wählen Sie diese App, dann „Eigenschaften“ und „Löschen“. Ab dann wird kein neuer Zugriff mehr erteilt; laufender Zugriff endet nach etwa 90 Minuten.',
    button: 'Weiter zu Microsoft',
    signIn: 'Sie melden sich bei Microsoft an; niemand sonst sieht Ihr Kennwort.',
    rolesWithGraph:
      'Zum Zustimmen brauchen Sie die Rolle „Administrator für privilegierte Rollen“ oder „Globaler Administrator“.',
    rolesWithoutGraph:
      'Zum Zustimmen brauchen Sie die Rolle „Cloudanwendungsadministrator“, „Anwendungsadministrator“, „Administrator für privilegierte Rollen“ oder „Globaler Administrator“.',
  },
  permissions: {
    marks: {
      reads: 'Liest nur',
      changes: 'Kann etwas ändern',
      unknown: 'Könnte etwas ändern',
    },
    unknown:
      'Für diese Berechtigung hat diese Seite keine Beschreibung. Bitte fragen Sie nach, wofür sie gebraucht wird, bevor Sie zustimmen.',
    granted: 'Erteilte Berechtigungen',
    missing: 'Fehlende Berechtigungen',
    optionalMissing: 'Optionale Berechtigungen, die nicht aktiv sind',
  },
  outcomes: {
    verifying: {
      title: 'Microsoft übernimmt gerade Ihre Zustimmung',
      lines: [
        'Vielen Dank, Ihre Zustimmung ist angekommen. Microsoft braucht meist einige Minuten, bis sie überall gilt.',
        'Sie müssen nichts weiter tun. Diese Seite aktualisiert sich von selbst, und die Prüfung läuft weiter, auch wenn Sie die Seite schließen.',
      ],
    },
    awaiting_approval: {
      title: 'Vielen Dank. Ihr Partner muss noch bestätigen',
      lines: [
        'Ihr Konto hat keine Rolle, mit der man diese Zustimmung geben darf. Deshalb bestätigt {partner} zuerst, dass sie für Ihre Organisation gedacht ist.',
        'Sie müssen nichts weiter tun. Bis dahin wird nichts gelesen. Sie können diese Seite schließen.',
      ],
    },
    active: {
      title: 'Fertig. Ihre Zustimmung ist wirksam',
      lines: [
        '{partner} kann jetzt die folgenden Berechtigungen nutzen.',
        'Sie müssen nichts weiter tun. Sie können diese Seite schließen.',
      ],
    },
    partial: {
      title: 'Fast geschafft: Einige Berechtigungen fehlen noch',
      lines: [
        'Ihre Zustimmung ist angekommen, aber nicht für alle Berechtigungen, die {partner} braucht.',
        'Mit der Schaltfläche werden sie noch einmal angefordert. Microsoft zeigt dann alle Berechtigungen, auch die bereits erteilten.',
      ],
    },
    not_found: {
      title: 'Ihre Zustimmung ist noch nicht bei uns angekommen',
      lines: [
        'Microsoft meldet keine Zustimmung Ihrer Organisation. Vielleicht fehlte der letzte Schritt, oder Microsoft braucht ungewöhnlich lange.',
        'Es ist nichts verloren: Bitte gehen Sie die Schritte noch einmal durch.',
      ],
    },
    paused: {
      title: 'Ihre Zustimmung ist vermerkt',
      lines: [
        '{partner} hat den Dienst für Ihre Organisation noch nicht eingeschaltet und liest bis dahin nichts.',
        'Sie müssen nichts weiter tun. Sie können diese Seite schließen.',
      ],
    },
  },
  wait: {
    title: 'Einen Moment, bitte',
    lines: ['Die Antwort von Microsoft wird gerade verarbeitet. Gleich geht es von selbst weiter.'],
  },
  refusals: {
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
  },
  labels: {
    asker: 'Anfrage von',
    contact: 'Kontakt',
    privacy: 'Datenschutzerklärung',
    app: 'App bei Microsoft',
    appId: 'Anwendungs-ID',
    organisation: 'Für die Organisation',
    tenantId: 'Organisation (Mandanten-ID)',
    signedInAs: 'Angemeldet als',
    errorCode: 'Fehlercode von Microsoft',
    reference: 'Referenz',
    tryAgain: 'Erneut versuchen',
    lookAgain: 'Jetzt prüfen',
  },
};

/** The mail that brings an invitation, in German. */
export const MAIL_DE: MailText = {
  language: 'de',
  name: 'Deutsch',
  domainEndings: ['de', 'at', 'li'],
  partner: 'Ihr Sicherheitspartner',
  subject: 'Zugriff auf Ihren Microsoft Defender',
  body: `Guten Tag,

damit {partner} sich um Ihren Microsoft Defender kümmern kann, ist die Zustimmung eines Administrators Ihrer Organisation nötig. Die Seite hinter diesem Link sagt, worum gebeten wird, was ausgeschlossen ist und wie Sie die Zustimmung zurückziehen. Es geschieht nichts, bevor Sie bei Microsoft zustimmen:

{link}

Der Link gilt einmal, bis {until}. Bitte geben Sie ihn nicht außerhalb Ihrer Organisation weiter. Wenn Sie diese Nachricht nicht erwarten, öffnen Sie den Link nicht und fragen Sie uns auf einem Weg, den Sie schon kennen.

Freundliche Grüße
{partner}`,
};
