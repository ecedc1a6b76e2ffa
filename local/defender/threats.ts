/** What an incident can be about. */
export interface Threat {
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly serviceSource: string;
  readonly detectionSource: string;
  readonly alertPrefix: string;
  readonly threatFamilyName: string | null;
  readonly determination: string;
  readonly mitreTechniques: readonly string[];
  readonly entityTypes: readonly string[];
  readonly investigationStates: readonly string[];
}

/**
 * Threats that made-up incidents choose from; prefixes of alert ids name the product, as in
 * reality.
 */
export const THREATS: readonly Threat[] = [
  {
    title: 'Ransomware behavior detected in the file system',
    description: 'A process renamed and encrypted many files in a short time.',
    category: 'Impact',
    serviceSource: 'MicrosoftDefenderATP',
    detectionSource: 'WindowsDefenderAtp',
    alertPrefix: 'da',
    threatFamilyName: 'LockBit',
    determination: 'Malware',
    mitreTechniques: ['T1486', 'T1490'],
    entityTypes: ['File', 'Process', 'User'],
    investigationStates: ['PendingApproval', 'SuccessfullyRemediated', 'Running'],
  },
  {
    title: 'Suspicious PowerShell command line',
    description: 'PowerShell ran an encoded command that downloads and executes code.',
    category: 'Execution',
    serviceSource: 'MicrosoftDefenderATP',
    detectionSource: 'WindowsDefenderAtp',
    alertPrefix: 'da',
    threatFamilyName: null,
    determination: 'MaliciousUserActivity',
    mitreTechniques: ['T1059.001'],
    entityTypes: ['Process', 'User', 'Ip'],
    investigationStates: ['UnsupportedAlertType', 'Queued', 'Benign'],
  },
  {
    title: 'Phishing message delivered to several mailboxes',
    description: 'Messages with a link to a credential-harvesting page were delivered.',
    category: 'InitialAccess',
    serviceSource: 'OfficeATP',
    detectionSource: 'OfficeATP',
    alertPrefix: 'fa',
    threatFamilyName: null,
    determination: 'Phishing',
    mitreTechniques: ['T1566.002'],
    entityTypes: ['MailMessage', 'MailBox', 'Url', 'User'],
    investigationStates: ['PartiallyInvestigated', 'PendingApproval'],
  },
  {
    title: 'Impossible travel activity',
    description: 'The same account signed in from two distant countries within an hour.',
    category: 'CredentialAccess',
    serviceSource: 'MicrosoftCloudAppSecurity',
    detectionSource: 'MCAS',
    alertPrefix: 'ca',
    threatFamilyName: null,
    determination: 'CompromisedAccount',
    mitreTechniques: ['T1078'],
    entityTypes: ['User', 'Ip'],
    investigationStates: ['UnsupportedAlertType'],
  },
];
