import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import * as v from 'valibot';
import { afterAll, expect, test } from 'vitest';
import { buildPackage } from '../../local/package.ts';
import { startWorld } from '../functions/set-up.ts';
import { readBicep } from './bicep.ts';
import { ROOT } from './project.ts';

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
  expect(names.map((name) => name.replace(/-[A-Z0-9]{8}\./, '-HASH.'))).toEqual([
    'azure-sdk.cjs',
    'azure-sdk.cjs.map',
    'console/assets/console-HASH.js',
    'console/assets/console-HASH.js.br',
    'console/assets/style-HASH.css',
    'console/assets/style-HASH.css.br',
    'console/index.html',
    'console/index.html.br',
    'host.json',
    'index.cjs',
    'index.cjs.map',
    'openapi.json',
    'opentelemetry.cjs',
    'opentelemetry.cjs.map',
    'package.json',
    'read-pfx.cjs',
    'read-pfx.cjs.map',
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

/** What Bicep computes or leaves to the cloud, and is somewhere else in the sandbox. */
const COMPUTED = [
  'PARTNER_TENANT_ID',
  'PARTNER_CLIENT_ID',
  'PUBLIC_BASE_URL',
  'API_AUDIENCE',
  'KEY_VAULT_URL',
  'MANAGED_IDENTITY_CLIENT_ID',
  'ENTRA_AUTHORITY',
  'DEFENDER_API_URL',
  'DEFENDER_ENDPOINT_API_URL',
  'GRAPH_API_URL',
];

/** What Azure itself adds. Azurite refuses identities over plain http, so its connection string stands for them. */
const ADDED = ['AzureWebJobsStorage', 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER'];

/** Parameters of the deployment, as main.bicep defaults them. */
const PARAMETERS = {
  CLIENT_CREDENTIAL: 'secret',
  CLOUD: 'global',
  REQUIRED_ROLES: 'defender-xdr:Incident.Read.All',
  OPTIONAL_ROLES: '',
  PARTNER_NAME: '',
  PARTNER_CONTACT: '',
  PARTNER_PRIVACY_URL: '',
  PARTNER_APP_NAME: 'Defender partner broker',
  INCIDENT_SOURCE: 'defender-xdr',
  TELEMETRY: 'off',
  OTEL_EXPORTER_OTLP_ENDPOINT: '',
};

/** The settings as Bicep sets them: constants are its own, what it computes is the sandbox's. */
async function toDeployedSettings(sandbox: Readonly<Record<string, string>>) {
  const app = await readBicep(join(ROOT, 'infra/modules/function-app.bicep'));
  const set = Object.entries(app.values.get('settings') as Record<string, string>);
  const own = set.filter(([name]) => !/^(AzureWebJobsStorage|APPLICATIONINSIGHTS)/.test(name));
  const [computed, constant] = [new Map<string, string>(), new Map<string, string>()];
  for (const [name, value] of own) {
    if (COMPUTED.includes(name)) computed.set(name, sandbox[name] ?? '');
    else constant.set(name, value);
  }
  const added = ADDED.map((name) => [name, sandbox[name] ?? ''] as const);
  return Object.fromEntries([...constant, ...Object.entries(PARAMETERS), ...computed, ...added]);
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
  const { sandbox, onboard } = await startWorld();
  const { tenantId } = (await onboard('Contoso')).tenant;
  const url = await startPackage(await toDeployedSettings(sandbox.settings));
  const token = await fetch(`${sandbox.microsoft.url}/sandbox/token/playbook`);
  const response = await fetch(`${url}/api/tenants/${tenantId}/token`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await token.text()}` },
  });
  expect([response.status, await response.json()]).toMatchObject([200, { tenant_id: tenantId }]);
});

test('nothing that Bicep computes is taken for a constant here', async () => {
  const { sandbox } = await startWorld();
  const settings = await toDeployedSettings(sandbox.settings);
  const expressions = Object.entries(settings).filter(([, value]) =>
    /^[a-z]\w*(\(\)|\.\w+)*$/.test(value),
  );
  expect(expressions.map(([name]) => name)).toEqual(['CLIENT_CREDENTIAL', 'CLOUD', 'TELEMETRY']);
});
