import { afterAll, expect, test } from 'vitest';
import { findCompiler } from '../../local/bicep/compiler.ts';
import { type Parameters, startBicepServer } from './bicep-server.ts';
import { diffDeployments, toDeployment } from './deployment-diff.ts';

/** The tests predict deployments with the compiler that is here; without one they are skipped. */
const compiler = await findCompiler();
const bicep = compiler === undefined ? undefined : await startBicepServer(compiler);
afterAll(() => bicep?.stop());
if (!bicep) console.warn('There is no Bicep compiler here: npm run bicep -- --pinned fetches one.');
const testWithCompiler = test.skipIf(!bicep);

const BASE: Parameters = {
  environmentName: 'production',
  location: 'westeurope',
  principalId: '44444444-4444-4444-8444-444444444444',
};

/**
 * What partners set, one file in snapshots/ each: what it changes of the deployment with the
 * defaults.
 */
const SETS: readonly (readonly [name: string, parameters: Parameters])[] = [
  ['no-rights-for-the-deployer', { principalId: '' }],
  [
    'private-network',
    { privateNetwork: true, deployerIp: '192.0.2.7', storageSku: 'Standard_ZRS' },
  ],
  [
    'registrations-made-elsewhere',
    {
      createAppRegistrations: false,
      existingClientId: '55555555-5555-4555-8555-555555555555',
      existingApiClientId: '66666666-6666-4666-8666-666666666666',
    },
  ],
  [
    'known-partner-with-domain',
    {
      partnerName: 'Fabrikam Security',
      partnerAppName: 'Fabrikam Defender access',
      partnerContact: 'https://fabrikam.example/help',
      partnerPrivacyUrl: 'https://fabrikam.example/privacy',
      partnerTermsUrl: 'https://fabrikam.example/terms',
      customBaseUrl: 'https://broker.fabrikam.example',
      registerMcpUrl: true,
    },
  ],
  [
    'hunting-with-operators',
    {
      optionalRoles: 'graph:ThreatHunting.Read.All',
      operatorsGroupId: '77777777-7777-4777-8777-777777777777',
      alertEmail: 'soc@fabrikam.example',
      allowAzureCli: true,
      huntRetentionDays: 30,
      huntConcurrency: 16,
    },
  ],
  [
    'large-and-traced',
    {
      instanceMemoryMB: 4096,
      maximumInstanceCount: 1000,
      alwaysReadyInstances: 20,
      telemetry: 'otel',
      otlpEndpoint: 'https://otel.fabrikam.example',
      logRetentionDays: 730,
      logDailyCapGb: -1,
    },
  ],
  [
    'government-without-secret',
    { cloud: 'gcc-high', clientCredential: 'managed-identity', createExampleTool: false },
  ],
  ['registrations-of-an-earlier-version', { registrationKey: 'production' }],
];

function toText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** What the defaults deploy; every set is compared with it. */
const defaults = toDeployment(await predict({}));

async function predict(parameters: Parameters) {
  return (await bicep?.predict({ ...BASE, ...parameters })) ?? [];
}

testWithCompiler('the defaults deploy what snapshots/defaults.json shows', async () => {
  await expect(toText(defaults)).toMatchFileSnapshot('snapshots/defaults.json');
});

testWithCompiler.each(SETS)('%s changes what its snapshot shows', async (name, parameters) => {
  const other = toDeployment(await predict(parameters));
  const difference = toText(diffDeployments(defaults, other));
  await expect(difference).toMatchFileSnapshot(`snapshots/${name}.json`);
});

testWithCompiler.each([
  ['the shortest name', 'a'],
  ['a name of 3 characters', 'abc'],
  ['the longest name', 'n'.repeat(40)],
])('names of resources fit with %s', async (_, environmentName) => {
  const resources = await predict({ environmentName });
  const names = resources.map(({ type, name = '' }) => ({ type, length: name.length }));
  const tooLong = names.filter(({ type, length }) => length > (MAX_NAME_LENGTHS[type] ?? length));
  expect(tooLong).toEqual([]);
});

/** From "Naming rules and restrictions for Azure resources". */
const MAX_NAME_LENGTHS: Readonly<Record<string, number>> = {
  'Microsoft.Resources/resourceGroups': 90,
  'Microsoft.Storage/storageAccounts': 24,
  'Microsoft.KeyVault/vaults': 24,
  // A longer one shares the first 32 characters with others as the host's id.
  'Microsoft.Web/sites': 32,
  'Microsoft.ManagedIdentity/userAssignedIdentities': 128,
};

testWithCompiler('two environments of one name have registrations of their own', async () => {
  const keys = async (parameters: Parameters) =>
    Object.keys(toRegistrations(await predict(parameters)));
  const [one, other] = [await keys({}), await keys({ location: 'northeurope' })];
  expect(one).toHaveLength(3);
  expect(one.filter((key) => other.includes(key))).toEqual([]);
});

function toRegistrations(resources: Awaited<ReturnType<typeof predict>>) {
  const applications = resources.filter(({ type }) => type === 'Microsoft.Graph/applications@v1.0');
  return Object.fromEntries(
    applications.map((application) => [
      String(Object(application.properties).uniqueName),
      application,
    ]),
  );
}

testWithCompiler.each<readonly [string, Parameters, string]>([
  [
    'a name of 64 characters',
    { environmentName: 'n'.repeat(64) },
    'maximum allowable length is 40',
  ],
  ['no name', { environmentName: '' }, 'minimum allowable length is 1'],
  ['a role that is unknown', { requiredRoles: 'graph:Incident.Read.All' }, 'is none of defender-'],
  ['an optional role that is unknown', { optionalRoles: 'graph:All' }, 'graph:All is none of'],
  ['a list of roles that is malformed', { requiredRoles: 'Incident.Read.All,' }, 'is none of'],
  ['no registration at all', { createAppRegistrations: false }, 'have to be given'],
  ['registrations twice', { existingClientId: 'x' }, 'would not be used'],
  ['a plain base URL', { customBaseUrl: 'http://a.example' }, 'begin with https://'],
  ['a base URL with a slash', { customBaseUrl: 'https://a.example/' }, 'without a slash'],
  ['an MCP URL without a domain', { registerMcpUrl: true }, 'needs a customBaseUrl'],
  ['telemetry to nowhere', { telemetry: 'otel' }, 'otlpEndpoint has to be'],
  ['a plain privacy URL', { partnerPrivacyUrl: 'http://a.example' }, 'partnerPrivacyUrl has to'],
  ['plain terms', { partnerTermsUrl: 'a.example' }, 'partnerTermsUrl has to'],
  ['no mail address', { alertEmail: 'soc' }, 'has to be a mail address'],
  ['an address without a private network', { deployerIp: '192.0.2.7' }, 'no meaning without'],
  ['a cap of nothing', { logDailyCapGb: 0 }, 'no log at all'],
  ['too few instances', { maximumInstanceCount: 39 }, '40'],
  ['too many instances', { maximumInstanceCount: 1001 }, '1000'],
  ['an odd size', { instanceMemoryMB: 1024 }, '2048 | 4096 | 512'],
  ['an unknown cloud', { cloud: 'china' }, 'gcc-high'],
])('the template refuses %s with a sentence', async (_, parameters, sentence) => {
  await expect(predict(parameters)).rejects.toThrow(sentence);
});

testWithCompiler('all problems are reported together', async () => {
  const both = predict({ telemetry: 'otel', alertEmail: 'soc' });
  await expect(both).rejects.toThrow(/mail address\..*|otlpEndpoint/);
});
