import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { findPaths, readJson, readText } from './project.ts';
import { allTemplates, moduleAt, paramsOf, template } from './template.ts';

const paths = await findPaths('infra/**/*.bicep');
const sources = new Map(
  await Promise.all(paths.map(async (path) => [path, await readText(path)] as const)),
);
const text = [...sources.values()].join('\n');

test('every module is used', () => {
  const used = [...text.matchAll(/^module \w+ '([\w/-]+\.bicep)'/gm)].map(([, path = '']) => path);
  const named = paths.filter((path) => used.some((use) => path.endsWith(`/${use}`)));
  expect(['infra/main.bicep', ...named].toSorted()).toEqual(paths);
});

test('every extension is configured', async () => {
  const { extensions } = await readJson('infra/bicepconfig.json');
  const used = [...text.matchAll(/^extension (\w+)$/gm)].map(([, name]) => name);
  expect([...new Set(used)]).toEqual(Object.keys(extensions));
});

test('what is silenced has its reason on that line', () => {
  const silenced = text.split('\n').filter((line) => line.includes('#disable'));
  expect(silenced).not.toEqual([]);
  expect(
    silenced.filter((line) => !/^#disable-next-line [\w-]+ \/\/ .{20,}\.$/.test(line)),
  ).toEqual([]);
});

test('the parameter file gives every parameter, by an azd variable of its own, its default', async () => {
  const { parameters } = await readJson('infra/main.parameters.json');
  expect(Object.keys(parameters).toSorted()).toEqual(Object.keys(template.parameters).toSorted());
  const parts = Object.entries<{ value: string }>(parameters).map(([name, { value }]) => {
    const [, variable, , fallback] = /^\$\{([A-Z_]+)(=(.*))?\}$/.exec(value) ?? [];
    return { name, variable, fallback };
  });
  expect(new Set(parts.map(({ variable }) => variable)).size).toBe(parts.length);
  const withDefault = parts.filter(({ fallback }) => fallback !== undefined);
  expect(withDefault.map(({ name, fallback }) => [name, fallback])).toEqual(
    withDefault.map(({ name }) => [name, String(template.parameters[name]?.defaultValue)]),
  );
});

test('variables of azd have a prefix that no shell variable meets by chance, and no output takes their place', async () => {
  const parameters = await readText('infra/main.parameters.json');
  const variables = [...parameters.matchAll(/\$\{([A-Z_]+)/g)].map(([, name = '']) => name);
  expect(variables.filter((name) => !/^(AZURE|BROKER)_/.test(name))).toEqual([]);
  expect(variables.filter((name) => name in template.outputs)).toEqual([]);
});

test('azd finds the template and the hooks, in a version that knows them', async () => {
  const azure = parse(await readText('azure.yaml'));
  expect(azure.infra).toEqual({ provider: 'bicep', path: 'infra', module: 'main' });
  expect(azure.requiredVersions).toEqual({ azd: '>= 1.23.13' });
  const commands = Object.entries<{ posix: { run: string }; windows: { run: string } }>(
    azure.hooks,
  ).map(([name, { posix, windows }]) => [name, posix.run, windows.run]);
  expect(commands).toEqual([
    ['preprovision', 'sh infra/hooks/preprovision.sh', 'bash infra/hooks/preprovision.sh'],
    ['postprovision', 'sh infra/hooks/postprovision.sh', 'bash infra/hooks/postprovision.sh'],
    ['predeploy', 'sh infra/hooks/deploy.sh', 'bash infra/hooks/deploy.sh'],
  ]);
});

test('a hook is given what it reads', async () => {
  const hooks = await findPaths('infra/hooks/*.sh');
  const texts = (await Promise.all(hooks.map(readText))).join('\n');
  const read = [...texts.matchAll(/\$\{([A-Z_]+)[:}]/g)].map(([, name = '']) => name);
  const own = ['AZURE_ENV_NAME', 'AZURE_LOCATION', 'AZURE_SUBSCRIPTION_ID', 'HOOK_WAIT_SECONDS'];
  const parameters = await readText('infra/main.parameters.json');
  expect(read).not.toEqual([]);
  expect(
    read.filter(
      (name) =>
        !(name in template.outputs) && !own.includes(name) && !parameters.includes(`\${${name}=`),
    ),
  ).toEqual([]);
});

test('scripts keep their line ends on every machine', async () => {
  expect((await readText('.gitattributes')).split('\n')).toEqual(
    expect.arrayContaining(['*.sh text eol=lf', '.ci/* text eol=lf']),
  );
});

test('no output and no plain parameter carries a secret', () => {
  expect(text.match(/\blist(Keys|Secrets|AccountSas|ServiceSas)\b|@secure\(\)/gi)).toBeNull();
  const named = allTemplates().flatMap(({ outputs }) =>
    Object.entries(outputs).flatMap(([name, { value }]) => [name, value]),
  );
  expect(named).not.toEqual([]);
  expect(named.filter((name) => /secret|password|connectionString|sas\b/i.test(name))).toEqual([]);
});

test('no resource type is declared in two API versions', () => {
  const types = allTemplates().flatMap(({ resources }) => Object.values(resources));
  const made = types.filter(({ type }) => type !== 'Microsoft.Resources/deployments');
  const versions = new Set(made.map(({ type, apiVersion = '' }) => `${type}@${apiVersion}`));
  const names = [...versions].map((version) => version.replace(/@.*/, ''));
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  expect(versions).toContain('Microsoft.KeyVault/vaults@2026-02-01');
});

test('the resources are closed where they can be', () => {
  const account = {
    allowSharedKeyAccess: false,
    allowBlobPublicAccess: false,
    minimumTlsVersion: 'TLS1_2',
    supportsHttpsTrafficOnly: true,
  };
  expect(propertiesOf('data', 'Microsoft.Storage/storageAccounts')).toMatchObject(account);
  expect(propertiesOf('package', 'Microsoft.Storage/storageAccounts')).toMatchObject(account);
  expect(propertiesOf('vault', 'Microsoft.KeyVault/vaults')).toMatchObject({
    enableRbacAuthorization: true,
    enableSoftDelete: true,
    enablePurgeProtection: true,
  });
  expect(propertiesOf('monitoring', 'Microsoft.Insights/components')).toMatchObject({
    DisableLocalAuth: true,
  });
  const app = propertiesOf('broker', 'Microsoft.Web/sites');
  expect(app).toMatchObject({ httpsOnly: true, siteConfig: { minTlsVersion: '1.2' } });
  // Azure refuses a deployment to Flex Consumption that sets it.
  expect(app?.siteConfig).not.toHaveProperty('ftpsState');
  const policy = 'Microsoft.Web/sites/basicPublishingCredentialsPolicies';
  expect(propertiesOf('broker', policy)).toEqual({ allow: false });
});

test("on the package's account the app may read and nothing else", () => {
  const { rights } = paramsOf('package');
  const [app, ...others] = String(rights?.value).split("createObject('role', '").slice(1);
  expect(app).toMatch(/^Storage Blob Data Reader', 'principalId', reference\('identity'\)/);
  expect(others).toHaveLength(1);
  expect(others[0]).toMatch(
    /^Storage Blob Data Contributor', 'principalId', parameters\('principalId'\)/,
  );
});

function propertiesOf(module: string, type: string) {
  const resources = Object.values(moduleAt(module).resources);
  return resources.find((resource) => resource.type === type)?.properties;
}
