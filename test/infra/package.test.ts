import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { brotliDecompressSync, deflateRawSync } from 'node:zlib';
import * as v from 'valibot';
import { afterAll, expect, test } from 'vitest';
import { buildPackage } from '../../local/package.ts';
import { startEnvironment } from '../functions/set-up.ts';
import { ROOT } from './project.ts';
import { moduleAt, paramsOf, template } from './template.ts';

/** Outside the project, so that no `node_modules` is above it. */
const folder = await mkdtemp(join(tmpdir(), 'package-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
await buildPackage(folder);

const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const names = entries
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
  .toSorted();
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

test('the package holds the bundle with its maps, the console, notices and manifests', () => {
  const hashed = new Set(names.map((name) => name.replace(/-[A-Z0-9]{8}\./, '-HASH.')));
  expect([...hashed]).toEqual([
    'azure-HASH.cjs',
    'azure-HASH.cjs.map',
    'azure-identity.cjs',
    'azure-identity.cjs.map',
    'azure-sdk.cjs',
    'azure-sdk.cjs.map',
    'azure-storage.cjs',
    'azure-storage.cjs.map',
    'consent-pages.cjs',
    'consent-pages.cjs.map',
    'console/assets/console-HASH.js.br',
    'console/assets/style-HASH.css.br',
    'console/index.html.br',
    'core.cjs',
    'core.cjs.map',
    'deferred.cjs',
    'deferred.cjs.map',
    'host.json',
    'hunting.cjs',
    'hunting.cjs.map',
    'index.cjs',
    'index.cjs.map',
    'mcp-server.cjs',
    'mcp-server.cjs.map',
    'openapi.json.br',
    'opentelemetry.cjs',
    'opentelemetry.cjs.map',
    'package.json',
    'read-pfx.cjs',
    'read-pfx.cjs.map',
    'shared-HASH.cjs',
    'shared-HASH.cjs.map',
    'third-party-notices.txt',
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

test('zipped, it is at most 2 MB with its maps and 0.8 MB without', () => {
  expect(zippedSize((name) => !name.endsWith('.map'))).toBeLessThan(800_000);
  expect(zippedSize(() => true)).toBeLessThan(2_000_000);
});

test('nothing of the sandbox is in it', () => {
  const text = [...files]
    .map(([name, content]) =>
      String(name.endsWith('.br') ? brotliDecompressSync(content) : content),
    )
    .join('\n');
  const marks = ['stand-in', 'northwind', 'fabrikam', '/sandbox/', '../local/', '../test/'];
  expect(marks.filter((mark) => text.toLowerCase().includes(mark))).toEqual([]);
});

/**
 * What Azure itself adds. Azurite refuses identities over plain http, so its connection string
 * stands for them.
 */
const ADDED = ['AzureWebJobsStorage', 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER'];

/**
 * The settings as the template sets them: literals, defaults of parameters; what it computes is the
 * sandbox's.
 */
function toDeployedSettings(sandbox: Readonly<Record<string, string>>): Record<string, string> {
  const set = {
    ...(moduleAt('broker').variables.ownSettings as Record<string, string>),
    ...(paramsOf('broker').settings?.value as Record<string, string>),
  };
  const own = Object.entries(set).filter(([name]) => !/^(AzureWebJobs|APPLICATIONINS)/.test(name));
  const values = own.map(([name, value]) => [name, toLiteral(value) ?? sandbox[name] ?? '']);
  const added = ADDED.map((name) => [name, sandbox[name] ?? '']);
  // The cloud's own addresses; the sandbox plays them somewhere else.
  const urls = Object.entries(sandbox).filter(([name]) => /_API_URL$|_AUTHORITY$/.test(name));
  return Object.fromEntries([...values, ...urls, ...added]);
}

/**
 * A value that the template names, or the default of the parameter that it is; `undefined` for what
 * is computed.
 */
function toLiteral(value: string): string | undefined {
  const [, parameter = ''] = /^\[(?:string\()?parameters\('(\w+)'\)+\]$/.exec(value) ?? [];
  const fallback = template.parameters[parameter]?.defaultValue;
  if (fallback !== undefined) return String(fallback);
  return value.startsWith('[') ? undefined : value;
}

/** Starts the package in a process whose environment holds these settings and nothing else. */
async function startPackage(settings: Readonly<Record<string, string>>): Promise<string> {
  const flags = ['--app', folder, '--port', '0'];
  const child = fork(join(ROOT, 'local/host/cli.ts'), flags, { env: settings, silent: true });
  afterAll(() => child.disconnect());
  const [ready] = await once(child, 'message');
  return v.parse(v.object({ url: v.string() }), ready).url;
}

test('it issues a token with no node_modules beside it and only the settings that Bicep sets', async () => {
  const { sandbox, onboard } = await startEnvironment();
  const { tenantId } = (await onboard('Contoso')).tenant;
  const url = await startPackage(toDeployedSettings(sandbox.settings));
  const token = await fetch(`${sandbox.microsoft.url}/sandbox/token/playbook`);
  const response = await fetch(`${url}/api/tenants/${tenantId}/token`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await token.text()}` },
  });
  expect([response.status, await response.json()]).toMatchObject([200, { tenant_id: tenantId }]);
});
