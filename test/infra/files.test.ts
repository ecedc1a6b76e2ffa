import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseBicep, readBicep } from './bicep.ts';
import { findPaths, ROOT, readJson, readText } from './project.ts';

const paths = await findPaths('infra/**/*.bicep');
const files = new Map(
  await Promise.all(paths.map(async (path) => [path, await readBicep(join(ROOT, path))] as const)),
);
const main = fileAt('infra/main.bicep');

function fileAt(path: string) {
  const file = files.get(path);
  if (!file) throw new Error(`There is no ${path}.`);
  return file;
}

test.each(paths)('%s is Bicep in which every name is declared and used', (path) => {
  const { syntaxErrors, unknownNames, unusedNames } = fileAt(path);
  expect({ syntaxErrors, unknownNames, unusedNames }).toEqual({
    syntaxErrors: [],
    unknownNames: [],
    unusedNames: [],
  });
});

test.each([
  ['a brace that is missing', "resource a 'b@1' = {\n  name: 'c'\n", 'syntaxErrors'],
  ['a name that is misspelt', 'param name string\noutput a string = nam\n', 'unknownNames'],
  ['a key that is misspelt', 'param name string\noutput a object = { b: nome }\n', 'unknownNames'],
  ['a function that is unknown', 'output a string = uniqString(1)\n', 'unknownNames'],
  ['a parameter left over', 'param name string\n', 'unusedNames'],
] as const)('the check sees %s', (_, text, where) => {
  expect(parseBicep(text)[where]).not.toEqual([]);
});

test.each(paths)('%s gives its modules what they ask for, and reads what they put out', (path) => {
  const { modules, outputsRead } = fileAt(path);
  const at = (name: string) => {
    const use = modules.find((module) => module.name === name);
    return use && files.get(join(dirname(path), use.path));
  };
  const given = modules.map(({ name, params }) => [name, params.toSorted()]);
  const asked = modules.map(({ name, params }) => {
    const declared = [...(at(name)?.params ?? [])];
    const needed = declared.filter(([key, { required }]) => required || params.includes(key));
    return [name, needed.map(([key]) => key).toSorted()];
  });
  expect(given).toEqual(asked);
  expect(outputsRead.filter(([name, output]) => !at(name)?.outputs.has(output))).toEqual([]);
});

test('every module is used', () => {
  const used = paths.flatMap((path) =>
    fileAt(path).modules.map((use) => join(dirname(path), use.path)),
  );
  expect(['infra/main.bicep', ...used].toSorted()).toEqual(paths);
});

test('every extension is configured', async () => {
  const { extensions } = await readJson('infra/bicepconfig.json');
  const used = new Set([...files.values()].flatMap((file) => file.extensions));
  expect([...used]).toEqual(Object.keys(extensions));
});

test('the parameter file gives every parameter, by an azd variable of its own, its default', async () => {
  const { parameters } = await readJson('infra/main.parameters.json');
  expect(Object.keys(parameters).toSorted()).toEqual([...main.params.keys()].toSorted());
  const parts = Object.entries<{ value: string }>(parameters).map(([name, { value }]) => {
    const [, variable, , fallback] = /^\$\{([A-Z_]+)(=(.*))?\}$/.exec(value) ?? [];
    return { name, variable, fallback };
  });
  expect(new Set(parts.map(({ variable }) => variable)).size).toBe(main.params.size);
  const withDefault = parts.filter(({ fallback }) => fallback !== undefined);
  expect(withDefault.map(({ name, fallback }) => [name, fallback])).toEqual(
    withDefault.map(({ name }) => [name, String(main.values.get(name))]),
  );
});

test('azd finds the template, the app and the hooks', async () => {
  const azure = parse(await readText('azure.yaml'));
  expect(azure.infra).toEqual({ provider: 'bicep', path: 'infra', module: 'main' });
  expect(azure.services.broker).toMatchObject({
    host: 'function',
    dist: 'deploy',
    remoteBuild: false,
  });
  const text = await readText('infra/main.bicep');
  expect(text).toContain("{ 'azd-service-name': 'broker' }");
  const { scripts } = await readJson('package.json');
  const commands = [azure.services.broker.hooks.prepackage, azure.hooks.postprovision].flatMap(
    ({ posix, windows }) => [posix.run, windows.run],
  );
  expect(commands).toEqual([
    'npm run package',
    'npm run package',
    'sh infra/hooks/postprovision.sh',
    'bash infra/hooks/postprovision.sh',
  ]);
  expect(scripts.package).toBe('node local/package.ts');
});

test('the hook is given what it reads', async () => {
  const hook = await readText('infra/hooks/postprovision.sh');
  const read = [...hook.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name);
  expect(read).not.toEqual([]);
  expect(read.filter((name) => !main.outputs.has(name ?? ''))).toEqual([]);
});

test('no output and no plain parameter carries a secret', async () => {
  const texts = await Promise.all(paths.map(readText));
  const text = texts.join('\n');
  expect(text.match(/\blist(Keys|Secrets|AccountSas|ServiceSas)\b|@secure\(\)/gi)).toBeNull();
  const names = [...files.values()].flatMap(({ outputs }) => [...outputs].flat());
  expect(names.filter((name) => /secret|password|connectionString|sas\b/i.test(name))).toEqual([]);
});

test('no resource type is declared in two API versions', () => {
  const types = [...files.values()].flatMap(({ resources }) => resources);
  const versions = new Set(types.filter((type) => type.includes('@')));
  const names = [...versions].map((type) => type.replace(/@.*/, ''));
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  expect(versions).toContain('Microsoft.KeyVault/vaults@2026-02-01');
});

test('the resources are closed where they can be', async () => {
  const read = (name: string) => readText(`infra/modules/${name}.bicep`);
  const expectAll = (text: string, wanted: readonly string[]) =>
    expect(wanted.filter((line) => !text.includes(line))).toEqual([]);
  expectAll(await read('storage'), [
    'allowSharedKeyAccess: false',
    'allowBlobPublicAccess: false',
    "minimumTlsVersion: 'TLS1_2'",
    'supportsHttpsTrafficOnly: true',
  ]);
  expectAll(await read('vault'), [
    'enableRbacAuthorization: true',
    'enableSoftDelete: true',
    'enablePurgeProtection: true',
  ]);
  expectAll(await read('function-app'), [
    'httpsOnly: true',
    "minTlsVersion: '1.2'",
    'allow: false',
    "type: 'UserAssigned'",
  ]);
  expectAll(await read('monitoring'), ['DisableLocalAuth: true']);
});
