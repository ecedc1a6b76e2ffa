import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { startFunctionsHost } from '../../local/host/functions-host.ts';
import { buildPackage } from '../../local/package.ts';
import { startWorld } from '../functions/set-up.ts';
import { readBicep } from './bicep.ts';
import { ROOT } from './project.ts';

/** Outside the project, so that no `node_modules` is above it. */
const folder = await mkdtemp(join(tmpdir(), 'package-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
await buildPackage(folder);

const names = (await readdir(folder, { recursive: true })).toSorted();
const files = new Map(
  await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
);

/** Bytes in a zip file: each file deflated, with its two headers. */
function zippedSize(wanted: (name: string) => boolean): number {
  const sizes = [...files].map(([name, content]) =>
    wanted(name) ? deflateRawSync(content).length + 100 + 2 * name.length : 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

test('the package holds the bundle with its maps, host.json and package.json', () => {
  expect(names).toEqual([
    'azure-sdk.cjs',
    'azure-sdk.cjs.map',
    'host.json',
    'index.cjs',
    'index.cjs.map',
    'opentelemetry.cjs',
    'opentelemetry.cjs.map',
    'package.json',
  ]);
});

test('its package.json names an entry that is there, and nothing to install', () => {
  const { main, ...rest } = JSON.parse(String(files.get('package.json')));
  expect(names).toContain(main);
  expect(rest).toEqual({
    name: 'defender-partner-broker',
    version: expect.any(String),
    private: true,
  });
});

test('zipped, it is at most 1 MB with its maps and half of that without', () => {
  expect(zippedSize((name) => !name.endsWith('.map'))).toBeLessThan(500_000);
  expect(zippedSize(() => true)).toBeLessThan(1_000_000);
});

test('nothing of the sandbox is in it', () => {
  const text = names.map((name) => String(files.get(name))).join('\n');
  const marks = [
    'stand-in',
    'northwind',
    'fabrikam',
    '/sandbox/',
    '../local/',
    '../test/',
    'json-schema.org',
  ];
  expect(marks.filter((mark) => text.toLowerCase().includes(mark))).toEqual([]);
});

/** The sandbox's values of what Bicep sets, and what Azure itself adds. */
async function toDeployedSettings(settings: Readonly<Record<string, string>>) {
  const app = await readBicep(join(ROOT, 'infra/modules/function-app.bicep'));
  const set = Object.keys(app.values.get('settings') as object);
  const added = ['AzureWebJobsStorage', 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER'];
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => [...set, ...added].includes(name)),
  );
}

test('it issues a token with no node_modules beside it and only the settings that Bicep sets', async () => {
  const { sandbox, onboard } = await startWorld();
  const { tenantId } = (await onboard('Contoso')).tenant;
  const host = await startFunctionsHost({
    appRoot: folder,
    settings: await toDeployedSettings(sandbox.settings),
    timers: false,
  });
  afterAll(() => host.stop());
  const token = await fetch(`${sandbox.microsoft.url}/sandbox/token/playbook`);
  const response = await fetch(`${host.url}/api/tenants/${tenantId}/token`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await token.text()}` },
  });
  expect([response.status, await response.json()]).toMatchObject([200, { tenant_id: tenantId }]);
});
