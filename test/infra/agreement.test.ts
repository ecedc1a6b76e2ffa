import { expect, test } from 'vitest';
import { microsoftApis } from '../../local/entra/directory/resources.ts';
import { startFunctionsHost } from '../../local/host/functions-host.ts';
import { toRegistrationPermissions } from '../../local/onboarding/registration.ts';
import { APP_ROLES } from '../../shared/callers/caller.ts';
import { readConfig } from '../../shared/read-config.ts';
import { createResources } from '../../shared/resources/resource.ts';
import { RESOURCES } from '../../shared/resources/resources.ts';
import { findPaths, ROOT, readJson, readText } from './project.ts';
import { moduleAt, paramsOf } from './template.ts';

const { variables: app } = moduleAt('broker');
/** Settings as the template has them; in brackets what it computes. */
const settings: Record<string, string> = {
  ...(app.ownSettings as Record<string, string>),
  ...(paramsOf('broker').settings?.value as Record<string, string>),
};
const sample: Record<string, string> = (await readJson('local.settings.sample.json')).Values;
const rules = moduleAt('alerts').variables.rules as { name: string; query: string }[];
const source = await readSources();

/** What only the platform reads, there or here. */
const PLATFORM_IN_AZURE = [
  'AzureWebJobsStorage__credential',
  'AzureWebJobsStorage__clientId',
  'AzureWebJobsStorage__blobServiceUri',
  'AzureWebJobsStorage__queueServiceUri',
  'AzureWebJobsStorage__tableServiceUri',
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
  'languageWorkers__node__arguments',
];
const PLATFORM_LOCALLY = ['FUNCTIONS_WORKER_RUNTIME', 'AzureWebJobsStorage'];

/** What Azure sets by itself where the app has a managed identity; nobody else may. */
const SET_BY_AZURE = ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER'];

/** Where the APIs are: in Azure always at their identifiers. */
const API_URLS: readonly string[] = Object.values(RESOURCES).map(({ urlSetting }) => urlSetting);

async function readSources(): Promise<string> {
  const paths = await findPaths('{functions,shared}/**/*.ts');
  return (await Promise.all(paths.map(readText))).join('\n');
}

/** The settings that `readConfig` looks at, with storage by identity and everything switched on. */
function readNames(): readonly string[] {
  const names = new Set<string>();
  const values: Record<string, string> = {
    AzureWebJobsStorage__tableServiceUri: 'https://a.table.core.windows.net',
    TELEMETRY: 'otel',
  };
  const env = new Proxy(values, {
    get: (target, name: string) => {
      names.add(name);
      return target[name];
    },
  });
  expect(() => readConfig(env)).toThrow();
  return [...names];
}

/** The settings as Azure would have them: what the template computes is filled in. */
function toAzureSettings(): Record<string, string> {
  const identity = {
    AzureWebJobsStorage__clientId: IDENTITY,
    MANAGED_IDENTITY_CLIENT_ID: IDENTITY,
  };
  const filled: Record<string, string> = {
    AzureWebJobsStorage__blobServiceUri: 'https://a.blob.core.windows.net/',
    AzureWebJobsStorage__queueServiceUri: 'https://a.queue.core.windows.net/',
    AzureWebJobsStorage__tableServiceUri: 'https://a.table.core.windows.net/',
    PARTNER_TENANT_ID: sample.PARTNER_TENANT_ID ?? '',
    PARTNER_CLIENT_ID: sample.PARTNER_CLIENT_ID ?? '',
    PUBLIC_BASE_URL: 'https://func-broker-x.azurewebsites.net',
    API_AUDIENCE: sample.API_AUDIENCE ?? '',
    ALLOW_AZURE_CLI: 'false',
    AGENT_CLIENT_IDS: '',
    KEY_VAULT_URL: 'https://kv-x.vault.azure.net/',
    CLIENT_CREDENTIAL: 'secret',
    CLOUD: 'global',
    REQUIRED_ROLES: 'defender-xdr:Incident.Read.All',
    OPTIONAL_ROLES: 'graph:ThreatHunting.Read.All',
    PARTNER_PRIVACY_URL: 'https://partner.example/privacy',
    INCIDENT_SOURCE: 'defender-xdr',
    HUNT_CONCURRENCY: '20',
    HUNT_RETENTION_DAYS: '7',
    TELEMETRY: 'off',
  };
  return { ...settings, ...identity, ...filled };
}

const IDENTITY = '33333333-3333-4333-8333-333333333333';

test('Bicep sets what the sample lists but the APIs, and the platform its own', () => {
  const elsewhere = [...PLATFORM_LOCALLY, ...API_URLS];
  const expected = Object.keys(sample).filter((name) => !elsewhere.includes(name));
  expect(Object.keys(settings).toSorted()).toEqual([...expected, ...PLATFORM_IN_AZURE].toSorted());
});

test('the sample lists what the code reads', () => {
  const placeholders = [...source.matchAll(/%([A-Za-z_]+)%/g)].map(([, name = '']) => name);
  const elsewhere = [...PLATFORM_IN_AZURE, ...SET_BY_AZURE];
  const read = [...readNames(), ...placeholders].filter((name) => !elsewhere.includes(name));
  const listed = Object.keys(sample).filter((name) => name !== 'FUNCTIONS_WORKER_RUNTIME');
  expect([...new Set(read)].toSorted()).toEqual(listed.toSorted());
});

test('docs/settings.md describes every setting, with its value in the sample', async () => {
  const page = await readText('docs/settings.md');
  const rows = [...page.matchAll(/^\| `(\w+)` \|(?: `(\S.*?)` | a GUID | )\| \S.{15,} \|$/gm)];
  expect(rows.map(([, name]) => name).toSorted()).toEqual(Object.keys(sample).toSorted());
  const plain = rows.filter(([, name = '']) => !/_ID$|^API_AUDIENCE$/.test(name));
  expect(plain.map(([, name, value = '']) => [name, value])).toEqual(
    plain.map(([, name = '']) => [name, sample[name]]),
  );
});

test('constants are the same in Bicep and in the sample', () => {
  const constants = Object.entries(settings).filter(
    ([name, value]) => name in sample && !value.startsWith('['),
  );
  const names = ['CLIENT_SECRET_NAME', 'TOKEN_KEY_NAME', 'TOKEN_REFRESH_SCHEDULE'];
  expect(constants.map(([name]) => name)).toEqual(expect.arrayContaining(names));
  expect(constants).toEqual(constants.map(([name]) => [name, sample[name]]));
});

test('the settings that Bicep sets are a configuration', () => {
  expect(readConfig(toAzureSettings())).toMatchObject({
    storage: {
      tableServiceUri: 'https://a.table.core.windows.net',
      queueServiceUri: 'https://a.queue.core.windows.net',
      blobServiceUri: 'https://a.blob.core.windows.net',
      clientId: IDENTITY,
    },
    publicBaseUrl: 'https://func-broker-x.azurewebsites.net',
    keyVaultUrl: 'https://kv-x.vault.azure.net',
    managedIdentityClientId: IDENTITY,
    authority: 'https://login.microsoftonline.com',
  });
});

test('what is kept ready, and what alerts watch, are functions of the app', async () => {
  const host = await startFunctionsHost({ appRoot: ROOT, settings: sample, timers: false });
  const names = host.functions.map(({ name }) => name);
  await host.stop();
  const ready = app.alwaysReady as { name: string }[];
  const kept = ready.map(({ name }) => name.replace(/^function:/, ''));
  expect(kept.filter((name) => name !== 'http' && !names.includes(name))).toEqual([]);
  const watched = rules.flatMap(({ query }) => [...query.matchAll(/\bName == "(\w+)"/g)]);
  expect(watched.map(([, name = '']) => name)).toEqual(['refreshTokens', 'syncIncidents']);
  expect(names).toEqual(expect.arrayContaining(['refreshTokens', 'syncIncidents']));
});

test('every queue, table and container is made, and queues are watched for poison', async () => {
  const queues = [...source.matchAll(/_QUEUE = '([a-z-]+)'/g)].map(([, name = '']) => name);
  const tables = [...source.matchAll(/\b(?:open|place)\('([a-z]+)'\)/g)].map(
    ([, name = '']) => name,
  );
  const storage: Record<string, string[]> = await readJson('infra/storage.json');
  expect(storage.queues?.toSorted()).toEqual(queues.toSorted());
  expect(storage.tables?.toSorted()).toEqual([...new Set(tables)].toSorted());
  const containers = [...source.matchAll(/\bopenContainer\('([a-z]+)'\)/g)].map(([, name]) => name);
  expect(storage.containers?.toSorted()).toEqual(containers.toSorted());
  expect(paramsOf('data')).toMatchObject({
    containers: { value: "[variables('storage').containers]" },
    queues: { value: "[variables('storage').queues]" },
    tables: { value: "[variables('storage').tables]" },
  });
  const poison = rules.find(({ name }) => name === 'poison-messages')?.query;
  expect(poison).toContain('Uri contains "-poison/"');
});

test('every alert has its page in the runbook', async () => {
  const runbook = await readText('docs/runbook.md');
  const entries = [...runbook.matchAll(/^## (\S+)$/gm)].map(([, name]) => name);
  expect(entries).toEqual(rules.map(({ name }) => name));
});

test("the broker's API declares the app roles that the code knows", () => {
  const { variables } = moduleAt('registrations', 'api');
  const declared = variables.appRoles as { value: string }[];
  expect(declared.map(({ value }) => value)).toEqual([...APP_ROLES]);
});

test('scopes of the API name it by an identifier that every registration has: its id', () => {
  const audience = settings.API_AUDIENCE ?? '';
  expect(audience).toContain("reference('registrations').outputs.apiClientId");
  expect(audience).not.toContain('api://');
});

test('Azure roles are the documented ones', async () => {
  expect(await readJson('infra/roles.json')).toEqual({
    'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
    'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
    'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
    'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
    'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
    'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
    'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
    'Log Analytics Reader': '73c42c96-874c-492b-b04d-ab87d138a893',
  });
});

test('infra/entra/permissions.json is of the table of resources: npm run onboarding', async () => {
  expect(await readText('infra/entra/permissions.json')).toBe(toRegistrationPermissions());
});

test('permissions are the documented ones of the APIs that tokens are brokered for', async () => {
  const permissions: Record<string, { appId: string; roles: Record<string, string> }> =
    await readJson('infra/entra/permissions.json');
  const appIds = Object.entries(permissions).map(([name, { appId }]) => [name, appId]);
  const known = Object.values(createResources('global'));
  expect(appIds).toEqual(known.map(({ name, appId }) => [name, appId]));
  const roles = Object.values(permissions).flatMap((api) => Object.entries(api.roles));
  expect(Object.fromEntries(roles)).toEqual({
    'Incident.Read.All': 'a9790345-4595-42e4-971a-ccdc79f19b7c',
    'Incident.ReadWrite.All': '8d90f441-09cf-4fdc-ab45-e874fa3a28e8',
    'AdvancedHunting.Read.All': '7734e8e5-8dde-42fc-b5ae-6eafea078693',
    'Machine.Read.All': 'ea8291d3-4b9a-44b5-bc3a-6cea3026dc79',
    'SecurityIncident.Read.All': '45cc0394-e837-488b-a098-1918f48d186c',
    'SecurityIncident.ReadWrite.All': '34bf0e97-1971-4929-b999-9e2442d941d7',
    'SecurityAlert.Read.All': '472e4a4d-bb4a-4026-98d1-0b0d74cb74a5',
    'ThreatHunting.Read.All': 'dd98c7f5-2d42-42d3-a0e4-633161547251',
  });
  const offered = Object.values(microsoftApis).flatMap(({ appRoles }) => appRoles);
  const values = offered.map(({ value }) => value);
  expect(roles.filter(([name]) => !values.includes(name))).toEqual([]);
});
