import { type TableShape, toColumns } from './table.ts';

const ALERTS = [
  [
    'Suspicious PowerShell command line',
    'Execution',
    'Microsoft Defender for Endpoint',
    'T1059.001',
  ],
  ['Credential dumping activity', 'CredentialAccess', 'Microsoft Defender for Endpoint', 'T1003'],
  [
    'Email messages with phishing URL',
    'InitialAccess',
    'Microsoft Defender for Office 365',
    'T1566',
  ],
  ['Impossible travel activity', 'InitialAccess', 'Microsoft Defender for Cloud Apps', 'T1078'],
] as const;

/** Alerts of a customer have ids by their number, so that evidence names alerts that are there. */
function toAlertId(tenantId: string, index: number): string {
  return `da${tenantId.replaceAll('-', '').slice(0, 16)}${String(index).padStart(6, '0')}_1`;
}

/** `AlertInfo`. */
export const alertInfo: TableShape = {
  name: 'AlertInfo',
  usualRows: 60,
  columns: toColumns(
    'AlertId, Title, Category, Severity, ServiceSource, DetectionSource, AttackTechniques',
  ),
  makeRow({ tenantId, index, random }) {
    const [title, category, source, technique] = random.pick(ALERTS);
    return [
      toAlertId(tenantId, index),
      title,
      category,
      random.pick(['Informational', 'Low', 'Medium', 'High']),
      source,
      'EDR',
      JSON.stringify([technique]),
    ];
  },
};

/** `AlertEvidence`. */
export const alertEvidence: TableShape = {
  name: 'AlertEvidence',
  usualRows: 150,
  columns: toColumns(
    'AlertId, Title, Categories, Severity, ServiceSource, EntityType, EvidenceRole, DeviceId, DeviceName, FileName, SHA256, RemoteIP, AccountUpn, AdditionalFields:dynamic',
  ),
  makeRow({ tenantId, words, random }) {
    const { devices, people } = words;
    const device = random.pick(devices);
    const [title, category, source] = random.pick(ALERTS);
    const entity = random.pick(['Machine', 'User', 'File', 'Ip']);
    return [
      toAlertId(tenantId, random.below(alertInfo.usualRows)),
      title,
      JSON.stringify([category]),
      random.pick(['Low', 'Medium', 'High']),
      source,
      entity,
      random.pick(['Impacted', 'Related']),
      device.id,
      device.name,
      entity === 'File' ? 'invoice.exe' : null,
      entity === 'File' ? random.hex(64) : null,
      entity === 'Ip' ? `203.0.113.${random.below(256)}` : null,
      entity === 'User' ? random.pick(people).upn : null,
      { Asset: true, Roles: ['Source', 'Destination'].slice(0, random.below(3)) },
    ];
  },
};

/** `EmailEvents`. */
export const emailEvents: TableShape = {
  name: 'EmailEvents',
  usualRows: 240,
  columns: toColumns(
    'NetworkMessageId, InternetMessageId, SenderFromAddress, SenderFromDomain, SenderIPv4, RecipientEmailAddress, Subject, EmailDirection, DeliveryAction, DeliveryLocation, ThreatTypes, AttachmentCount:int, UrlCount:int, ReportId',
  ),
  makeRow({ words, random }) {
    const { people, domain } = words;
    const isInbound = random.below(3) > 0;
    const isThreat = isInbound && random.below(8) === 0;
    const sender = isInbound
      ? random.pick(['supplier.example', 'news.example', 'xn--supplir-bya.example'])
      : domain;
    return [
      random.hex(32),
      `<${random.hex(16)}@${sender}>`,
      `billing@${sender}`,
      sender,
      `203.0.113.${random.below(256)}`,
      random.pick(people).upn,
      random.pick([
        'Overdue invoice',
        'Weekly news, "special" edition',
        '=HYPERLINK("http://x")',
        'Re: lunch',
      ]),
      isInbound ? 'Inbound' : 'Outbound',
      isThreat ? 'Blocked' : 'Delivered',
      isThreat ? 'Quarantine' : 'Inbox/folder',
      isThreat ? 'Phish' : null,
      random.below(3),
      random.below(5),
      random.hex(20),
    ];
  },
};

/** `IdentityLogonEvents`. */
export const identityLogonEvents: TableShape = {
  name: 'IdentityLogonEvents',
  usualRows: 200,
  columns: toColumns(
    'ActionType, Application, LogonType, Protocol, FailureReason, AccountUpn, AccountDisplayName, DeviceName, IPAddress, Location, ISP, ReportId',
  ),
  makeRow({ words, random }) {
    const { people, devices } = words;
    const person = random.pick(people);
    const hasFailed = random.below(5) === 0;
    return [
      hasFailed ? 'LogonFailed' : 'LogonSuccess',
      random.pick(['Active Directory', 'Microsoft 365', 'Azure Portal']),
      random.pick(['Interactive', 'OAuth2:Token', 'Credentials validation']),
      random.pick(['Kerberos', 'Ntlm', null]),
      hasFailed ? 'WrongPassword' : null,
      person.upn,
      person.name.replace('.', ' '),
      random.pick(devices).name,
      `203.0.113.${random.below(256)}`,
      random.pick(['IT', 'ES', 'DE', 'BR', 'NG']),
      random.pick(['Telecom', 'Fibra', null]),
      random.hex(20),
    ];
  },
};

/** `CloudAppEvents`. */
export const cloudAppEvents: TableShape = {
  name: 'CloudAppEvents',
  usualRows: 200,
  columns: toColumns(
    'ActionType, Application, ApplicationId:int, AccountObjectId, AccountDisplayName, IPAddress, CountryCode, UserAgent, RawEventData:dynamic, ReportId',
  ),
  makeRow({ words, random }) {
    const person = random.pick(words.people);
    const action = random.pick([
      'FileDownloaded',
      'New-InboxRule',
      'MailItemsAccessed',
      'Consent to application.',
      'Add member to role.',
    ]);
    return [
      action,
      random.pick([
        'Microsoft SharePoint Online',
        'Microsoft Exchange Online',
        'Microsoft Entra ID',
      ]),
      random.pick([20892, 20893, 11161]),
      random.hex(32),
      person.name.replace('.', ' '),
      `203.0.113.${random.below(256)}`,
      random.pick(['IT', 'ES', 'DE', 'BR', 'NG']),
      random.below(4) === 0 ? null : 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
      {
        Operation: action,
        UserId: person.upn,
        Parameters: [{ Name: 'ForwardTo', Value: 'a@b.example' }],
      },
      random.hex(20),
    ];
  },
};
