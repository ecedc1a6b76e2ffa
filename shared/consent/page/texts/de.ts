import { MEANINGS_DE } from '../../../permissions/meanings/de.ts';
import { REFUSALS_DE } from './refusals/de.ts';
import type { Texts } from './texts.ts';

/** The consent pages in German. */
export const DE: Texts = {
  language: 'de',
  partner: 'Ihr Sicherheitspartner',
  meanings: MEANINGS_DE,
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
  refusals: REFUSALS_DE,
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
