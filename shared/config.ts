import { findGuid } from './guid.ts';
import { INCIDENT_SOURCES, type IncidentSourceName } from './incidents/incident.ts';
import {
  CLOUDS,
  type Cloud,
  createResources,
  RESOURCE_NAMES,
  type ResourceName,
} from './tokens/resource.ts';

/** How the client may prove itself to Entra. */
export const CLIENT_CREDENTIALS = ['secret', 'certificate', 'managed-identity'] as const;

/** How the client proves itself to Entra. */
export type ClientCredentialKind = (typeof CLIENT_CREDENTIALS)[number];

/** Where tables, queues and blobs are: a connection string, or endpoints used with the managed identity. */
export type StorageConfig =
  | { readonly connectionString: string }
  | {
      readonly tableServiceUri: string;
      readonly queueServiceUri: string;
      readonly blobServiceUri: string;
      readonly clientId: string | undefined;
    };

/** The app roles that a customer has to grant, per resource. */
export type RequiredRoles = ReadonlyMap<ResourceName, readonly string[]>;

/** Every setting, typed; design and defaults are in `local.settings.sample.json`. */
export interface Config {
  readonly storage: StorageConfig;
  readonly partnerTenantId: string;
  readonly clientId: string;
  /** Without a trailing slash. */
  readonly publicBaseUrl: string;
  readonly apiAudience: string;
  readonly keyVaultUrl: string;
  readonly clientCredential: ClientCredentialKind;
  readonly clientSecretName: string;
  readonly clientCertificateName: string;
  readonly tokenKeyName: string;
  readonly managedIdentityClientId: string | undefined;
  readonly cloud: Cloud;
  /** Entra's origin, without a trailing slash. */
  readonly authority: string;
  /** Where incidents are read, without a trailing slash. */
  readonly incidentApiUrls: Readonly<Record<IncidentSourceName, string>>;
  readonly requiredRoles: RequiredRoles;
  readonly incidentSource: IncidentSourceName;
  readonly auditRetentionDays: number;
  readonly incidentSyncIntervalMs: number;
  readonly incidentRetentionDays: number;
}

/** A configuration that can't work: every problem at once, by setting name and without any value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`${problems.length} setting(s) need attention: ${problems.join(' ')}`);
    this.problems = problems;
  }
}

const AUTHORITIES: Readonly<Record<Cloud, string>> = {
  global: 'https://login.microsoftonline.com',
  gcc: 'https://login.microsoftonline.com',
  'gcc-high': 'https://login.microsoftonline.us',
  dod: 'https://login.microsoftonline.us',
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks all settings; throws one ConfigError that names every problem. */
export function readConfig(env: Environment): Config {
  const read = createReader(env);
  const cloud = read.choice('CLOUD', CLOUDS, 'global');
  const clientId = read.guid('PARTNER_CLIENT_ID');
  // In every cloud the APIs are where their identifiers say.
  const resources = createResources(cloud);
  const config: Config = {
    storage: readStorage(read),
    partnerTenantId: read.guid('PARTNER_TENANT_ID'),
    clientId,
    publicBaseUrl: read.url('PUBLIC_BASE_URL'),
    apiAudience: read.text('API_AUDIENCE', `api://${clientId}`),
    keyVaultUrl: read.url('KEY_VAULT_URL'),
    clientCredential: read.choice('CLIENT_CREDENTIAL', CLIENT_CREDENTIALS, 'secret'),
    clientSecretName: read.text('CLIENT_SECRET_NAME', 'partner-client-secret'),
    clientCertificateName: read.text('CLIENT_CERTIFICATE_NAME', 'partner-client-certificate'),
    tokenKeyName: read.text('TOKEN_KEY_NAME', 'token-encryption-key'),
    managedIdentityClientId: read.optional('MANAGED_IDENTITY_CLIENT_ID'),
    cloud,
    authority: read.url('ENTRA_AUTHORITY', AUTHORITIES[cloud]),
    incidentApiUrls: {
      'defender-xdr': read.url('DEFENDER_API_URL', resources['defender-xdr'].identifier),
      graph: read.url('GRAPH_API_URL', resources.graph.identifier),
    },
    requiredRoles: readRequiredRoles(read),
    incidentSource: read.choice('INCIDENT_SOURCE', INCIDENT_SOURCES, 'defender-xdr'),
    auditRetentionDays: read.days('AUDIT_RETENTION_DAYS', '400'),
    incidentSyncIntervalMs: 1000 * read.seconds('INCIDENT_SYNC_INTERVAL', '300'),
    // What is removed sooner would come back with the daily look at the last 48 hours.
    incidentRetentionDays: read.days('INCIDENT_RETENTION_DAYS', '180', 7),
  };
  if (config.clientCredential === 'managed-identity' && !config.managedIdentityClientId) {
    read.problems.push(
      'MANAGED_IDENTITY_CLIENT_ID is missing: CLIENT_CREDENTIAL managed-identity needs a user-assigned identity.',
    );
  }
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return config;
}

function readStorage(read: Reader): StorageConfig {
  const connectionString = read.optional('AzureWebJobsStorage');
  if (connectionString) return { connectionString };
  const tableServiceUri = read.optional('AzureWebJobsStorage__tableServiceUri');
  if (!tableServiceUri) {
    read.problems.push(
      'AzureWebJobsStorage (or AzureWebJobsStorage__tableServiceUri, __queueServiceUri and __blobServiceUri) is missing.',
    );
    return { connectionString: '' };
  }
  return {
    tableServiceUri: read.url('AzureWebJobsStorage__tableServiceUri'),
    queueServiceUri: read.url('AzureWebJobsStorage__queueServiceUri'),
    blobServiceUri: read.url('AzureWebJobsStorage__blobServiceUri'),
    clientId: read.optional('AzureWebJobsStorage__clientId'),
  };
}

/** `resource:App.Role, resource:App.Role` by short resource name. */
function readRequiredRoles(read: Reader): RequiredRoles {
  const roles = new Map<ResourceName, string[]>();
  const list = read.text('REQUIRED_ROLES', 'defender-xdr:Incident.Read.All');
  for (const item of list.split(',').map((part) => part.trim())) {
    const [, name, role] = /^([a-z-]+):([A-Za-z]+(?:\.[A-Za-z]+)+)$/.exec(item) ?? [];
    const resource = RESOURCE_NAMES.find((known) => known === name);
    if (resource && role) roles.set(resource, [...(roles.get(resource) ?? []), role]);
    else read.problems.push('REQUIRED_ROLES must be a comma list of resource:App.Role.');
  }
  return roles;
}

type Reader = ReturnType<typeof createReader>;

function createReader(env: Environment) {
  const problems: string[] = [];
  const optional = (name: string): string | undefined => {
    const value = env[name]?.trim();
    if (!value?.startsWith('@Microsoft.KeyVault(')) return value || undefined;
    problems.push(`${name} is a Key Vault reference that the platform did not resolve.`);
    return undefined;
  };
  const text = (name: string, fallback?: string): string => {
    const before = problems.length;
    const value = optional(name) ?? fallback;
    if (value !== undefined) return value;
    if (problems.length === before) problems.push(`${name} is missing.`);
    return '';
  };
  const checked =
    (name: string, check: (value: string) => string | undefined, must: string) =>
    (fallback?: string): string => {
      const value = text(name, fallback);
      const good = value && check(value);
      if (value && !good) problems.push(`${name} must be ${must}.`);
      return good || '';
    };
  return {
    problems,
    optional,
    text,
    guid: (name: string) => checked(name, findGuid, 'a GUID')(),
    url: (name: string, fallback?: string) =>
      checked(name, findSafeOrigin, 'an https URL (http only on loopback)')(fallback),
    days: (name: string, fallback: string, least = 1) => {
      const find = (value: string) => findDays(value, least);
      return Number(checked(name, find, `a number of days from ${least} to 3650`)(fallback));
    },
    seconds: (name: string, fallback: string) =>
      Number(checked(name, findSeconds, 'a number of seconds from 60 to 86400')(fallback)),
    choice: <T extends string>(name: string, choices: readonly T[], fallback: T): T => {
      const value = text(name, fallback);
      const chosen = choices.find((choice) => choice === value);
      if (!chosen) problems.push(`${name} must be one of ${choices.join(', ')}.`);
      return chosen ?? fallback;
    },
  };
}

/** A time between two runs: what runs more often than the timer would never be in time. */
function findSeconds(value: string): string | undefined {
  return /^\d{2,5}$/.test(value) && Number(value) >= 60 && Number(value) <= 86_400
    ? value
    : undefined;
}

/** A count of days that a retention may have. */
function findDays(value: string, least: number): string | undefined {
  const isWhole = /^[1-9]\d{0,3}$/.test(value);
  return isWhole && Number(value) >= least && Number(value) <= 3650 ? value : undefined;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The URL without a trailing slash, if what is sent to it can't be read on the way. */
function findSafeOrigin(value: string): string | undefined {
  const url = URL.parse(value);
  if (!url || url.username || url.search || url.hash) return undefined;
  const safe =
    url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
  return safe ? value.replace(/\/+$/, '') : undefined;
}
