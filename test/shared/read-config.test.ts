import { expect, test } from 'vitest';
import { ConfigError } from '../../shared/config.ts';
import { readConfig } from '../../shared/read-config.ts';

const GOOD = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  PARTNER_TENANT_ID: '5B2F7C1E-90D4-4C6B-8A51-3F1E6A7D2B90',
  PARTNER_CLIENT_ID: '0f9e8d7c-6b5a-4c3d-9e1f-a2b3c4d5e6f7',
  PUBLIC_BASE_URL: 'https://broker.example/',
  KEY_VAULT_URL: 'https://vault.example',
  TOKEN_REFRESH_SCHEDULE: '0 */5 * * * *',
  INCIDENT_SYNC_SCHEDULE: '0 * * * * *',
};

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [String(error)];
  }
}

test('the few settings that are needed give a whole configuration', () => {
  expect(readConfig(GOOD)).toEqual({
    storage: { connectionString: 'UseDevelopmentStorage=true' },
    partnerTenantId: '5b2f7c1e-90d4-4c6b-8a51-3f1e6a7d2b90',
    clientId: '0f9e8d7c-6b5a-4c3d-9e1f-a2b3c4d5e6f7',
    publicBaseUrl: 'https://broker.example',
    apiAudience: 'api://0f9e8d7c-6b5a-4c3d-9e1f-a2b3c4d5e6f7',
    allowAzureCli: false,
    agentClientIds: [],
    keyVaultUrl: 'https://vault.example',
    clientCredential: 'secret',
    clientSecretName: 'partner-client-secret',
    clientCertificateName: 'partner-client-certificate',
    tokenKeyName: 'token-encryption-key',
    receiptKeyName: 'receipt-signing-key',
    managedIdentityClientId: undefined,
    cloud: 'global',
    portalUrl: 'https://security.microsoft.com',
    authority: 'https://login.microsoftonline.com',
    apiUrls: {
      'defender-xdr': 'https://api.security.microsoft.com',
      'defender-endpoint': 'https://api.securitycenter.microsoft.com',
      graph: 'https://graph.microsoft.com',
    },
    requiredRoles: new Map([['defender-xdr', ['Incident.Read.All']]]),
    optionalRoles: new Map(),
    partner: { name: undefined, contact: undefined, privacyUrl: undefined, appName: undefined },
    incidentSource: 'defender-xdr',
    auditRetentionDays: 400,
    incidentSyncIntervalMs: 300_000,
    hunting: { concurrency: 20, retentionDays: 7 },
    incidentBackfillDays: 30,
    otlpEndpoint: undefined,
    incidentRetentionDays: 180,
  });
});

test.each([
  ['gcc', 'https://api-gcc.security.microsoft.us', 'https://graph.microsoft.com'],
  ['gcc-high', 'https://api-gov.security.microsoft.us', 'https://graph.microsoft.us'],
  ['dod', 'https://api-gov.security.microsoft.us', 'https://dod-graph.microsoft.us'],
])('in the cloud %s incidents are read at %s and %s', (cloud, xdr, graph) => {
  const { apiUrls } = readConfig({ ...GOOD, CLOUD: cloud });

  expect(apiUrls).toMatchObject({ 'defender-xdr': xdr, graph });
});

test('incidents are read at other addresses when settings say so', () => {
  const settings = {
    DEFENDER_API_URL: 'https://api-eu.security.microsoft.com/',
    GRAPH_API_URL: 'http://127.0.0.1:7072',
  };

  const { apiUrls } = readConfig({ ...GOOD, ...settings });

  expect(apiUrls).toMatchObject({
    'defender-xdr': 'https://api-eu.security.microsoft.com',
    graph: 'http://127.0.0.1:7072',
  });
});

test('every problem is reported at once, by name', () => {
  expect(problemsOf({ CLOUD: 'mars', ENTRA_AUTHORITY: 'http://login.example' })).toEqual([
    'CLOUD must be one of global, gcc, gcc-high, dod.',
    'PARTNER_CLIENT_ID is missing.',
    'AzureWebJobsStorage (or AzureWebJobsStorage__tableServiceUri, __queueServiceUri and __blobServiceUri) is missing.',
    'PARTNER_TENANT_ID is missing.',
    'PUBLIC_BASE_URL is missing.',
    'KEY_VAULT_URL is missing.',
    'ENTRA_AUTHORITY must be an https URL (http only on loopback).',
    'TOKEN_REFRESH_SCHEDULE is missing.',
    'INCIDENT_SYNC_SCHEDULE is missing.',
  ]);
});

test.each([
  ['PARTNER_TENANT_ID', 'contoso.com', 'PARTNER_TENANT_ID must be a GUID.'],
  [
    'PUBLIC_BASE_URL',
    'ftp://x.example',
    'PUBLIC_BASE_URL must be an https URL (http only on loopback).',
  ],
  [
    'KEY_VAULT_URL',
    'https://u:p@vault.example',
    'KEY_VAULT_URL must be an https URL (http only on loopback).',
  ],
  [
    'GRAPH_API_URL',
    'http://graph.microsoft.com',
    'GRAPH_API_URL must be an https URL (http only on loopback).',
  ],
  [
    'CLIENT_CREDENTIAL',
    'password',
    'CLIENT_CREDENTIAL must be one of secret, certificate, managed-identity.',
  ],
  ['REQUIRED_ROLES', 'mail:Mail.Read', 'REQUIRED_ROLES must be a comma list of resource:App.Role.'],
  ['OPTIONAL_ROLES', 'graph', 'OPTIONAL_ROLES must be a comma list of resource:App.Role.'],
  ['PARTNER_NAME', 'a\tb', 'PARTNER_NAME must be one line of at most 200 characters.'],
  [
    'PARTNER_CONTACT',
    'x'.repeat(201),
    'PARTNER_CONTACT must be one line of at most 200 characters.',
  ],
  ['PARTNER_PRIVACY_URL', 'http://partner.example', 'PARTNER_PRIVACY_URL must be an https URL.'],
  ['PARTNER_PRIVACY_URL', 'javascript:alert(1)', 'PARTNER_PRIVACY_URL must be an https URL.'],
  [
    'TOKEN_REFRESH_SCHEDULE',
    'every 5 minutes',
    'TOKEN_REFRESH_SCHEDULE must be a schedule of five or six fields.',
  ],
  [
    'INCIDENT_RETENTION_DAYS',
    '6',
    'INCIDENT_RETENTION_DAYS must be a number of days from 7 to 3650.',
  ],
  [
    'INCIDENT_SYNC_INTERVAL',
    '1',
    'INCIDENT_SYNC_INTERVAL must be a number of seconds from 2 to 86400.',
  ],
  ['AUDIT_RETENTION_DAYS', '0.5', 'AUDIT_RETENTION_DAYS must be a number of days from 1 to 3650.'],
  [
    'API_AUDIENCE',
    '@Microsoft.KeyVault(x)',
    'API_AUDIENCE is a Key Vault reference that the platform did not resolve.',
  ],
])('%s with the value %j is refused without the value', (name, value, problem) => {
  expect(problemsOf({ ...GOOD, [name]: value })).toEqual([problem]);
});

test('plain http is accepted on loopback only', () => {
  expect(problemsOf({ ...GOOD, PUBLIC_BASE_URL: 'http://127.0.0.1:7071' })).toEqual([]);
  expect(problemsOf({ ...GOOD, PUBLIC_BASE_URL: 'http://127.0.0.1.example' })).toHaveLength(1);
});

test('storage by identity needs all three service addresses', () => {
  const { AzureWebJobsStorage: _, ...rest } = GOOD;
  const byIdentity = { ...rest, AzureWebJobsStorage__tableServiceUri: 'https://t.example' };
  expect(problemsOf(byIdentity)).toEqual([
    'AzureWebJobsStorage__queueServiceUri is missing.',
    'AzureWebJobsStorage__blobServiceUri is missing.',
  ]);
});

test('required roles are grouped by resource', () => {
  const list =
    'defender-xdr:Incident.Read.All, graph:SecurityIncident.Read.All,graph:SecurityAlert.Read.All';
  expect(readConfig({ ...GOOD, REQUIRED_ROLES: list }).requiredRoles).toEqual(
    new Map([
      ['defender-xdr', ['Incident.Read.All']],
      ['graph', ['SecurityIncident.Read.All', 'SecurityAlert.Read.All']],
    ]),
  );
});

test('who asks and what is optional is read as it is set', () => {
  const settings = {
    PARTNER_NAME: 'Northwind Security',
    PARTNER_CONTACT: 'soc@northwind.example',
    PARTNER_PRIVACY_URL: 'https://northwind.example/privacy?for=customers',
    PARTNER_APP_NAME: 'Northwind Broker',
    OPTIONAL_ROLES: 'graph:ThreatHunting.Read.All',
  };
  const { partner, optionalRoles } = readConfig({ ...GOOD, ...settings });
  expect(partner).toEqual({
    name: 'Northwind Security',
    contact: 'soc@northwind.example',
    privacyUrl: 'https://northwind.example/privacy?for=customers',
    appName: 'Northwind Broker',
  });
  expect(optionalRoles).toEqual(new Map([['graph', ['ThreatHunting.Read.All']]]));
});

test('a managed identity as credential has to be a user-assigned one', () => {
  const env = { ...GOOD, CLIENT_CREDENTIAL: 'managed-identity' };
  expect(problemsOf(env)).toEqual([
    'MANAGED_IDENTITY_CLIENT_ID is missing: CLIENT_CREDENTIAL managed-identity needs a user-assigned identity.',
  ]);
  expect(problemsOf({ ...env, MANAGED_IDENTITY_CLIENT_ID: 'an id' })).toEqual([]);
});

test('clients of agents are named by their ids, and the Azure CLI by a word', () => {
  const ids = 'AAAAAAAA-1111-4222-8333-444444444444, bbbbbbbb-1111-4222-8333-444444444444';
  const config = readConfig({ ...GOOD, AGENT_CLIENT_IDS: ids, ALLOW_AZURE_CLI: 'true' });
  expect([config.agentClientIds, config.allowAzureCli]).toEqual([
    ['aaaaaaaa-1111-4222-8333-444444444444', 'bbbbbbbb-1111-4222-8333-444444444444'],
    true,
  ]);
  const bad = { ...GOOD, AGENT_CLIENT_IDS: 'claude', ALLOW_AZURE_CLI: 'yes' };
  expect(() => readConfig(bad)).toThrow(/2 setting\(s\).*ALLOW_AZURE_CLI.*AGENT_CLIENT_IDS/);
});
