import type { Cloud } from './cloud.ts';

/**
 * Everything that the product knows of an API that tokens are brokered for. A new API is a record
 * here, and the meanings of its app roles in `consent/languages/meanings.ts`. The settings, the
 * consent pages, docs/onboarding.md, infra/entra/permissions.json and the API's description follow.
 */
export interface ResourceRecord {
  /** As Microsoft's consent page names it; the same in every language. */
  readonly microsoftName: string;
  /** As the console calls it. */
  readonly label: string;
  /** The service's application id: the audience of v2 tokens. */
  readonly appId: string;
  /**
   * App ID URI by cloud; it is also the API's address, the same for all tenants. An API with an
   * address per tenant needs more than a record.
   */
  readonly identifiers: Readonly<Record<Cloud, string>>;
  /** Other names of the same API, accepted from callers and as audience. */
  readonly aliases: readonly string[];
  /** The setting with the API's address, where the API is not at its identifier. */
  readonly urlSetting: string;
  /** Application administrators can't consent to app roles of this API. */
  readonly needsPrivilegedAdmin: boolean;
  /** The app roles that customers' admins are told about, by name. */
  readonly roles: Readonly<Record<string, AppRole>>;
  /** How incidents are read from it; absent: they are not. */
  readonly incidents?: IncidentsRecord;
}

/** What is known of an app role. */
interface AppRole {
  readonly effect: 'reads' | 'changes';
  /** It gives access to the content of e-mails, chats or documents, not only to data about them. */
  readonly opensContent?: true;
  /** The same in every tenant; absent: infra/ can't ask for the role yet. */
  readonly id?: string;
  /** Customers have to grant it where the setting REQUIRED_ROLES does not say what they have to. */
  readonly isRequired?: true;
}

/** The incidents of an API. */
interface IncidentsRecord {
  readonly path: string;
  /** Calls of these paths count against the quota of the sync; `*` stands for any one segment. */
  readonly quotaPath: string;
  /** A caller that may write may read. */
  readonly roles: Readonly<Record<IncidentNeed, string>>;
}

/** What is done with an incident. */
export type IncidentNeed = 'read' | 'write';

const reads = (id?: string): AppRole => ({ effect: 'reads', ...(id && { id }) });
const changes = (id?: string): AppRole => ({ effect: 'changes', ...(id && { id }) });

/**
 * The APIs, with what Microsoft publishes of them ("Create an app with partner access to Microsoft
 * 365 Defender APIs", "Supported Microsoft Defender for Endpoint APIs", "Microsoft Graph
 * permissions reference", "List incidents").
 */
export const RESOURCES = {
  'defender-xdr': {
    microsoftName: 'Microsoft Threat Protection',
    label: 'Defender XDR',
    appId: '8ee8fdad-f234-4243-8f3b-15c294843740',
    identifiers: {
      global: 'https://api.security.microsoft.com',
      gcc: 'https://api-gcc.security.microsoft.us',
      'gcc-high': 'https://api-gov.security.microsoft.us',
      dod: 'https://api-gov.security.microsoft.us',
    },
    aliases: [],
    urlSetting: 'DEFENDER_API_URL',
    needsPrivilegedAdmin: false,
    roles: {
      'Incident.Read.All': { ...reads('a9790345-4595-42e4-971a-ccdc79f19b7c'), isRequired: true },
      'Incident.ReadWrite.All': changes('8d90f441-09cf-4fdc-ab45-e874fa3a28e8'),
      'AdvancedHunting.Read.All': reads('7734e8e5-8dde-42fc-b5ae-6eafea078693'),
      'CustomDetections.ReadWrite.All': changes(),
    },
    incidents: {
      path: '/api/incidents',
      quotaPath: 'api/incidents',
      roles: { read: 'Incident.Read.All', write: 'Incident.ReadWrite.All' },
    },
  },
  'defender-endpoint': {
    microsoftName: 'WindowsDefenderATP',
    label: 'Endpoint',
    appId: 'fc780465-2017-40d4-a0c5-307022471b92',
    identifiers: {
      global: 'https://api.securitycenter.microsoft.com',
      gcc: 'https://api-gcc.securitycenter.microsoft.us',
      'gcc-high': 'https://api-gov.securitycenter.microsoft.us',
      dod: 'https://api-gov.securitycenter.microsoft.us',
    },
    // Older samples use them for incidents too, which Defender XDR refuses.
    aliases: [
      'https://api.securitycenter.windows.com',
      'https://securitycenter.onmicrosoft.com/windowsatpservice',
    ],
    urlSetting: 'DEFENDER_ENDPOINT_API_URL',
    needsPrivilegedAdmin: false,
    roles: {
      'Machine.Read.All': reads('ea8291d3-4b9a-44b5-bc3a-6cea3026dc79'),
      'Machine.ReadWrite.All': changes(),
      'Machine.Isolate': changes(),
      'Machine.RestrictExecution': changes(),
      'Machine.Scan': changes(),
      'Machine.StopAndQuarantine': changes(),
      'Machine.CollectForensics': changes(),
      'Machine.LiveResponse': { effect: 'changes', opensContent: true },
      'Machine.Offboard': changes(),
      'Alert.Read.All': reads(),
      'Alert.ReadWrite.All': changes(),
      'AdvancedQuery.Read.All': reads(),
    },
  },
  graph: {
    microsoftName: 'Microsoft Graph',
    label: 'Graph',
    appId: '00000003-0000-0000-c000-000000000000',
    identifiers: {
      global: 'https://graph.microsoft.com',
      gcc: 'https://graph.microsoft.com',
      'gcc-high': 'https://graph.microsoft.us',
      dod: 'https://dod-graph.microsoft.us',
    },
    aliases: [],
    urlSetting: 'GRAPH_API_URL',
    needsPrivilegedAdmin: true,
    roles: {
      'SecurityIncident.Read.All': reads('45cc0394-e837-488b-a098-1918f48d186c'),
      'SecurityIncident.ReadWrite.All': changes('34bf0e97-1971-4929-b999-9e2442d941d7'),
      'SecurityAlert.Read.All': reads('472e4a4d-bb4a-4026-98d1-0b0d74cb74a5'),
      'SecurityAlert.ReadWrite.All': changes(),
      'ThreatHunting.Read.All': reads('dd98c7f5-2d42-42d3-a0e4-633161547251'),
      'SecurityEvents.Read.All': reads(),
    },
    incidents: {
      path: '/v1.0/security/incidents',
      quotaPath: '*/security/incidents',
      roles: { read: 'SecurityIncident.Read.All', write: 'SecurityIncident.ReadWrite.All' },
    },
  },
} as const satisfies Readonly<Record<string, ResourceRecord>>;

/** The short name of an API that a token is for. */
export type ResourceName = keyof typeof RESOURCES;

/** The APIs that tokens are brokered for. */
export const RESOURCE_NAMES = Object.keys(RESOURCES) as readonly ResourceName[];

/** The API that is meant where a request names none. */
export const DEFAULT_RESOURCE = 'defender-xdr' satisfies ResourceName;

/** What the setting REQUIRED_ROLES says where it is absent: `resource:App.Role`, by commas. */
export const DEFAULT_REQUIRED_ROLES = RESOURCE_NAMES.flatMap((resource) =>
  Object.entries<AppRole>(RESOURCES[resource].roles)
    .filter(([, { isRequired }]) => isRequired)
    .map(([role]) => `${resource}:${role}`),
).join(',');

/** A value for each API, made from its record. */
export function mapResources<T>(
  make: (record: ResourceRecord, name: ResourceName) => T,
): Readonly<Record<ResourceName, T>> {
  const entries = RESOURCE_NAMES.map((name) => [name, make(RESOURCES[name], name)] as const);
  return Object.fromEntries(entries) as Record<ResourceName, T>;
}
