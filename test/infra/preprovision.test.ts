import { expect, test } from 'vitest';
import { HOME_TENANT, SUBSCRIPTION, setUpHook } from './hook-runner.ts';

const OTHER = '99999999-9999-9999-9999-999999999999';

test('it passes in silence when all is as it has to be', async () => {
  const { run, read } = await setUpHook('preprovision.sh');
  expect(await run()).toEqual({ failed: false, output: '' });
  expect(await read('calls')).not.toMatch(/create|register|set|delete |assign/);
});

test.each([
  [
    'az works on another subscription',
    { AZ_SUBSCRIPTION: OTHER },
    `az account set --subscription ${SUBSCRIPTION}`,
  ],
  [
    'az is signed in to another directory',
    { AZ_TENANT: OTHER },
    `az login --tenant ${HOME_TENANT}`,
  ],
  ['azd is signed in as another person', { AZD_USER: 'eve@other.example' }, 'azd as eve@other'],
  [
    'azd is signed in as an application',
    { AZD_KIND: 'clientId', AZD_USER: OTHER },
    `azd as ${OTHER}`,
  ],
])('it stops with a sentence when %s', async (_, env, sentence) => {
  const { run } = await setUpHook('preprovision.sh');
  expect(await run(env)).toEqual({ failed: true, output: expect.stringContaining(sentence) });
});

test.each([
  ['az', 'Sign in first: az login'],
  ['azd', `Sign in first: azd auth login --tenant-id ${HOME_TENANT}`],
])('it stops with a sentence when nobody is signed in to %s', async (tool, sentence) => {
  const { run, set } = await setUpHook('preprovision.sh');
  await set(`${tool}-signed-out`, '');
  expect(await run()).toEqual({ failed: true, output: `${sentence}\n` });
});

test('a machine without azd runs it by hand', async () => {
  const { run, remove } = await setUpHook('preprovision.sh');
  await remove('bin/azd');
  expect(await run()).toEqual({ failed: false, output: '' });
});

test.each([
  ['one person in two spellings', { AZD_USER: 'Ana@Fabrikam.example' }],
  ['one application', { AZ_USER: OTHER, AZD_KIND: 'clientId', AZD_USER: OTHER }],
  ["azd that uses az's login", { AZD_USER: '' }],
  ['a directory that is not known before the first deployment', { AZURE_TENANT_ID: '' }],
])('it accepts %s', async (_, env) => {
  const { run } = await setUpHook('preprovision.sh');
  expect(await run(env)).toEqual({ failed: false, output: '' });
});

test('it names resource providers that are not registered, with the commands', async () => {
  const { run, set } = await setUpHook('preprovision.sh');
  await set('unregistered', 'Microsoft.Batch\nMicrosoft.App\nmicrosoft.insights\n');
  const { failed, output } = await run();
  expect(failed).toBe(true);
  expect(output.match(/az provider register .*/g)).toEqual([
    'az provider register --namespace Microsoft.App --wait',
    'az provider register --namespace Microsoft.Insights --wait',
  ]);
});

test('it names the regions when the chosen one lacks Flex Consumption', async () => {
  const { run } = await setUpHook('preprovision.sh');
  const { failed, output } = await run({ AZURE_LOCATION: 'antarctica' });
  expect(failed).toBe(true);
  expect(output).toMatch(/not offered in antarctica.*\n {2}northeurope\n {2}westeurope\n/);
});

test('it says how to bring back a vault that is soft-deleted', async () => {
  const { run, set } = await setUpHook('preprovision.sh');
  await set('deleted', 'kv-x\n');
  const { failed, output } = await run();
  expect(failed).toBe(true);
  expect(output).toContain('az group create --name rg-production --location westeurope');
  expect(output).toContain('az keyvault recover --name kv-x --location westeurope');
});

test('what an older az can not tell is left to the deployment', async () => {
  const { run, set } = await setUpHook('preprovision.sh');
  await set('regions', '');
  expect(await run({ AZURE_LOCATION: 'antarctica' })).toMatchObject({ failed: false });
});
