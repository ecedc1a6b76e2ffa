import type { PermissionMeanings } from '../../resources/permissions.ts';

const INCIDENTS =
  'Read security incidents and the alerts in them, with the devices, accounts and files involved.';
const INCIDENT_CHANGES =
  'Read security incidents and change them: status, assignment, classification, tags and comments.';
const HUNTING =
  'Search the security records of the last 30 days: devices, sign-ins, network connections, and e-mail details such as sender and subject, but not the content.';

/** What each permission allows, in English. */
export const MEANINGS_EN: PermissionMeanings = {
  'defender-xdr:Incident.Read.All': INCIDENTS,
  'defender-xdr:Incident.ReadWrite.All': INCIDENT_CHANGES,
  'defender-xdr:AdvancedHunting.Read.All': HUNTING,
  'defender-xdr:CustomDetections.ReadWrite.All':
    'Read the custom detection rules and change them: add, edit, switch off or delete rules.',
  'defender-endpoint:Machine.Read.All':
    'Read the list of devices with their state: operating system, health, risk level and who signs in.',
  'defender-endpoint:Machine.ReadWrite.All':
    'Read the information about devices and change it: tags and device value.',
  'defender-endpoint:Machine.Isolate': 'Cut a device off the network, and connect it again.',
  'defender-endpoint:Machine.RestrictExecution':
    'Let a device run only programs signed by Microsoft, and lift this restriction.',
  'defender-endpoint:Machine.Scan': 'Start an antivirus scan on a device.',
  'defender-endpoint:Machine.StopAndQuarantine':
    'Stop a file on a device and put it in quarantine.',
  'defender-endpoint:Machine.CollectForensics':
    'Collect a package of technical traces from a device: running programs, network connections and event logs.',
  'defender-endpoint:Machine.LiveResponse':
    'Open a remote session on a device: run commands, and copy files from and to it.',
  'defender-endpoint:Machine.Offboard': 'Remove a device from Microsoft Defender for Endpoint.',
  'defender-endpoint:Alert.Read.All': 'Read the alerts about your devices.',
  'defender-endpoint:Alert.ReadWrite.All':
    'Read the alerts about your devices and change them: status, assignment, classification and comments.',
  'defender-endpoint:AdvancedQuery.Read.All':
    'Search the security records of your devices over the last 30 days: programs, files, network connections and sign-ins.',
  'graph:SecurityIncident.Read.All': INCIDENTS,
  'graph:SecurityIncident.ReadWrite.All': INCIDENT_CHANGES,
  'graph:SecurityAlert.Read.All':
    'Read security alerts with their evidence: devices, accounts, files and e-mail details.',
  'graph:SecurityAlert.ReadWrite.All':
    'Read security alerts and change them: status, assignment, classification and comments.',
  'graph:ThreatHunting.Read.All': HUNTING,
  'graph:SecurityEvents.Read.All':
    'Read security alerts in their older form, and the security score of your organisation.',
};
