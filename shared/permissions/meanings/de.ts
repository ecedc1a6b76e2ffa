import type { PermissionMeanings } from '../../resources/permissions.ts';

const INCIDENTS =
  'Sicherheitsvorfälle und ihre Warnungen lesen, mit den beteiligten Geräten, Konten und Dateien.';
const INCIDENT_CHANGES =
  'Sicherheitsvorfälle lesen und ändern: Status, Zuweisung, Einstufung, Tags und Kommentare.';
const HUNTING =
  'Die Sicherheitsdaten der letzten 30 Tage durchsuchen: Geräte, Anmeldungen, Netzwerkverbindungen und Angaben zu E-Mails wie Absender und Betreff, aber nicht deren Inhalt.';

/** What each permission allows, in German. */
export const MEANINGS_DE: PermissionMeanings = {
  'defender-xdr:Incident.Read.All': INCIDENTS,
  'defender-xdr:Incident.ReadWrite.All': INCIDENT_CHANGES,
  'defender-xdr:AdvancedHunting.Read.All': HUNTING,
  'defender-xdr:CustomDetections.ReadWrite.All':
    'Eigene Erkennungsregeln lesen und ändern: anlegen, bearbeiten, abschalten oder löschen.',
  'defender-endpoint:Machine.Read.All':
    'Die Liste der Geräte und deren Zustand lesen: Betriebssystem, Integrität, Risikostufe und wer sich dort anmeldet.',
  'defender-endpoint:Machine.ReadWrite.All':
    'Angaben zu Geräten lesen und ändern: Tags und Gerätewert.',
  'defender-endpoint:Machine.Isolate': 'Ein Gerät vom Netzwerk trennen und wieder verbinden.',
  'defender-endpoint:Machine.RestrictExecution':
    'Ein Gerät auf Programme beschränken, die Microsoft signiert hat, und diese Beschränkung aufheben.',
  'defender-endpoint:Machine.Scan': 'Auf einem Gerät eine Virenprüfung starten.',
  'defender-endpoint:Machine.StopAndQuarantine':
    'Eine Datei auf einem Gerät stoppen und in Quarantäne verschieben.',
  'defender-endpoint:Machine.CollectForensics':
    'Technische Spuren eines Geräts sammeln: laufende Programme, Netzwerkverbindungen und Ereignisprotokolle.',
  'defender-endpoint:Machine.LiveResponse':
    'Eine Fernsitzung auf einem Gerät öffnen: Befehle ausführen und Dateien in beide Richtungen kopieren.',
  'defender-endpoint:Machine.Offboard': 'Ein Gerät aus Microsoft Defender für Endpunkt entfernen.',
  'defender-endpoint:Alert.Read.All': 'Die Warnungen zu Ihren Geräten lesen.',
  'defender-endpoint:Alert.ReadWrite.All':
    'Die Warnungen zu Ihren Geräten lesen und ändern: Status, Zuweisung, Einstufung und Kommentare.',
  'defender-endpoint:AdvancedQuery.Read.All':
    'Die Sicherheitsdaten Ihrer Geräte aus den letzten 30 Tagen durchsuchen: Programme, Dateien, Netzwerkverbindungen und Anmeldungen.',
  'graph:SecurityIncident.Read.All': INCIDENTS,
  'graph:SecurityIncident.ReadWrite.All': INCIDENT_CHANGES,
  'graph:SecurityAlert.Read.All':
    'Sicherheitswarnungen mit ihren Nachweisen lesen: Geräte, Konten, Dateien und Angaben zu E-Mails.',
  'graph:SecurityAlert.ReadWrite.All':
    'Sicherheitswarnungen lesen und ändern: Status, Zuweisung, Einstufung und Kommentare.',
  'graph:ThreatHunting.Read.All': HUNTING,
  'graph:SecurityEvents.Read.All':
    'Sicherheitswarnungen in der älteren Form lesen, dazu die Sicherheitsbewertung Ihrer Organisation.',
};
