import {
  CLIENT_CREDENTIALS,
  type Config,
  ConfigError,
  type HuntingConfig,
  type PartnerConfig,
  type RequiredRoles,
  type StorageConfig,
} from './config.ts';
import { createReader, type Environment, type Reader } from './config-reader.ts';
import { findGuid } from './guid.ts';
import { CLOUD_URLS, CLOUDS, type Cloud } from './resources/cloud.ts';
import { DEFAULT_SOURCE, INCIDENT_SOURCES } from './resources/incident-sources.ts';
import {
  DEFAULT_REQUIRED_ROLES,
  mapResources,
  RESOURCE_NAMES,
  type ResourceName,
} from './resources/resources.ts';

/** Where spans and metrics go besides the log. */
const TELEMETRY = ['off', 'otel'] as const;

/** Reads and checks all settings; throws one ConfigError that names every problem. */
export function readConfig(env: Environment): Config {
  const read = createReader(env);
  const cloud = read.choice('CLOUD', CLOUDS, 'global');
  const clientId = read.guid('PARTNER_CLIENT_ID');
  const config: Config = {
    storage: readStorage(read),
    partnerTenantId: read.guid('PARTNER_TENANT_ID'),
    clientId,
    publicBaseUrl: read.url('PUBLIC_BASE_URL'),
    apiAudience: read.text('API_AUDIENCE', `api://${clientId}`),
    allowAzureCli: read.choice('ALLOW_AZURE_CLI', ['true', 'false'], 'false') === 'true',
    agentClientIds: readGuids(read, 'AGENT_CLIENT_IDS'),
    keyVaultUrl: read.url('KEY_VAULT_URL'),
    clientCredential: read.choice('CLIENT_CREDENTIAL', CLIENT_CREDENTIALS, 'secret'),
    clientSecretName: read.text('CLIENT_SECRET_NAME', 'partner-client-secret'),
    clientCertificateName: read.text('CLIENT_CERTIFICATE_NAME', 'partner-client-certificate'),
    tokenKeyName: read.text('TOKEN_KEY_NAME', 'token-encryption-key'),
    receiptKeyName: read.text('RECEIPT_KEY_NAME', 'receipt-signing-key'),
    ...readIdentity(read),
    cloud,
    portalUrl: CLOUD_URLS[cloud].portal,
    authority: read.url('ENTRA_AUTHORITY', CLOUD_URLS[cloud].authority),
    apiUrls: readApiUrls(read, cloud),
    requiredRoles: readRoles(read, 'REQUIRED_ROLES', DEFAULT_REQUIRED_ROLES),
    optionalRoles: readRoles(read, 'OPTIONAL_ROLES', ''),
    partner: readPartner(read),
    incidentSource: read.choice('INCIDENT_SOURCE', INCIDENT_SOURCES, DEFAULT_SOURCE),
    auditRetentionDays: read.days('AUDIT_RETENTION_DAYS', '400'),
    incidentSyncIntervalMs: 1000 * read.seconds('INCIDENT_SYNC_INTERVAL', '300'),
    incidentBackfillDays: read.days('INCIDENT_BACKFILL_DAYS', '30'),
    // What is removed sooner would come back with the daily look at the last 48 hours.
    incidentRetentionDays: read.days('INCIDENT_RETENTION_DAYS', '180', 7),
    hunting: readHunting(read),
    otlpEndpoint: readOtlpEndpoint(read),
  };
  // Only the host uses them; without one the host leaves its timer out and says so in its own log
  // only.
  read.schedule('TOKEN_REFRESH_SCHEDULE');
  read.schedule('INCIDENT_SYNC_SCHEDULE');
  if (config.clientCredential === 'managed-identity' && !config.managedIdentityClientId) {
    read.problems.push(
      'MANAGED_IDENTITY_CLIENT_ID is missing: CLIENT_CREDENTIAL managed-identity needs a user-assigned identity.',
    );
  }
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return config;
}

/** In every cloud the APIs are where their identifiers say. */
function readApiUrls(read: Reader, cloud: Cloud): Config['apiUrls'] {
  return mapResources(({ urlSetting, identifiers }) => read.url(urlSetting, identifiers[cloud]));
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

/** The endpoint is what the platform sets in the process's environment: no operator does. */
function readIdentity(read: Reader) {
  const [url, header] = [read.optional('IDENTITY_ENDPOINT'), read.optional('IDENTITY_HEADER')];
  return {
    managedIdentityClientId: read.optional('MANAGED_IDENTITY_CLIENT_ID'),
    identityEndpoint: url === undefined || header === undefined ? undefined : { url, header },
  };
}

function readHunting(read: Reader): HuntingConfig {
  return {
    concurrency: read.count('HUNT_CONCURRENCY', '20'),
    retentionDays: read.days('HUNT_RETENTION_DAYS', '7'),
  };
}

/** An unused endpoint is not looked at: the platform may have set it for itself. */
function readOtlpEndpoint(read: Reader): string | undefined {
  if (read.choice('TELEMETRY', TELEMETRY, 'off') === 'off') return undefined;
  return read.url('OTEL_EXPORTER_OTLP_ENDPOINT');
}

function readPartner(read: Reader): PartnerConfig {
  return {
    name: read.label('PARTNER_NAME'),
    contact: read.label('PARTNER_CONTACT'),
    privacyUrl: read.link('PARTNER_PRIVACY_URL'),
    appName: read.label('PARTNER_APP_NAME'),
  };
}

/** GUIDs, joined by commas. */
function readGuids(read: Reader, setting: string): readonly string[] {
  const items = (read.optional(setting) ?? '').split(',').map((item) => item.trim());
  const named = items.filter(Boolean);
  const guids = named.flatMap((item) => findGuid(item) ?? []);
  if (guids.length !== named.length) {
    read.problems.push(`${setting} must be a comma list of client ids (GUID).`);
  }
  return guids;
}

/** `resource:App.Role, resource:App.Role` by short resource name. */
function readRoles(read: Reader, setting: string, fallback: string): RequiredRoles {
  const roles = new Map<ResourceName, string[]>();
  const items = read.text(setting, fallback).split(',');
  for (const item of items.map((part) => part.trim()).filter(Boolean)) {
    const [, name, role] = /^([a-z-]+):([A-Za-z]+(?:\.[A-Za-z]+)+)$/.exec(item) ?? [];
    const resource = RESOURCE_NAMES.find((known) => known === name);
    if (resource && role) roles.set(resource, [...(roles.get(resource) ?? []), role]);
    else read.problems.push(`${setting} must be a comma list of resource:App.Role.`);
  }
  return roles;
}
