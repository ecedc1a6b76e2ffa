import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, expect, test } from 'vitest';
import { ROUTES } from '../../functions/routes.ts';
import { type FunctionsHost, startFunctionsHost } from '../../local/host/functions-host.ts';
import type { HostLogEntry } from '../../local/host/host-log.ts';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';
import { claimAccount } from '../support/storage.ts';

/** Part of every wrong value: it must not come back. */
const CANARY = 'canary7f3a';
const storage = claimAccount();
const GOOD = {
  AzureWebJobsStorage: storage,
  PARTNER_TENANT_ID: '5b2f7c1e-90d4-4c6b-8a51-3f1e6a7d2b90',
  PARTNER_CLIENT_ID: '0f9e8d7c-6b5a-4c3d-9e1f-a2b3c4d5e6f7',
  PUBLIC_BASE_URL: 'https://broker.example',
  KEY_VAULT_URL: 'https://vault.example',
  TOKEN_REFRESH_SCHEDULE: '0 */5 * * * *',
  INCIDENT_SYNC_SCHEDULE: '0 * * * * *',
};
const ALL_WRONG = {
  PARTNER_TENANT_ID: '',
  PARTNER_CLIENT_ID: CANARY,
  PUBLIC_BASE_URL: `http://${CANARY}.example`,
  API_AUDIENCE: `@Microsoft.KeyVault(SecretUri=https://${CANARY}.vault.azure.net/secrets/x)`,
  KEY_VAULT_URL: `https://user:${CANARY}@vault.example`,
  CLIENT_CREDENTIAL: CANARY,
  CLOUD: `china-${CANARY}`,
  ENTRA_AUTHORITY: `http://${CANARY}.example`,
  REQUIRED_ROLES: `mail:${CANARY}.Read`,
  TOKEN_REFRESH_SCHEDULE: '0 0 0 1 1 *',
};
const PROBLEMS = [
  'CLOUD must be one of global, gcc, gcc-high, dod.',
  'PARTNER_CLIENT_ID must be a GUID.',
  'PARTNER_TENANT_ID is missing.',
  'PUBLIC_BASE_URL must be an https URL (http only on loopback).',
  'API_AUDIENCE is a Key Vault reference that the platform did not resolve.',
  'KEY_VAULT_URL must be an https URL (http only on loopback).',
  'CLIENT_CREDENTIAL must be one of secret, certificate, managed-identity.',
  'ENTRA_AUTHORITY must be an https URL (http only on loopback).',
  'REQUIRED_ROLES must be a comma list of resource:App.Role.',
];

/** One host runs at a time in a process: the last one goes when the next one starts. */
let running: FunctionsHost | undefined;
afterAll(() => running?.stop());

async function start(wrong: Readonly<Record<string, string>>, right: typeof wrong = GOOD) {
  await running?.stop();
  const logs: HostLogEntry[] = [];
  const settings = { ...right, ...wrong };
  const log = (entry: HostLogEntry) => logs.push(entry);
  running = await startFunctionsHost({ appRoot: APP_ROOT, settings, log, timers: false });
  return { host: running, logs };
}

async function ask(host: FunctionsHost, path: string, method = 'GET') {
  const response = await fetch(`${host.url}/${path}`, { method, redirect: 'manual' });
  return { status: response.status, text: await response.text() };
}

/** Every route with something in place of its parameters, asked once. */
async function askAll(host: FunctionsHost) {
  const routes = host.functions.flatMap((fn) => ('route' in fn ? [fn] : []));
  const asked = routes.map(async ({ name, route = '', methods = [] }) => {
    const answer = await ask(host, route.replace(/\{[^}]+\}/g, 'x'), methods[0]);
    return [name, answer] as const;
  });
  return new Map(await Promise.all(asked));
}

test('every route says all that is wrong and who must act, and prints no value', async () => {
  const { host, logs } = await start(ALL_WRONG);
  const answers = await askAll(host);
  const [api, pages] = (['api', 'page'] as const).map((kind) =>
    ROUTES.filter((route) => route.kind === kind).map(({ id }) => answers.get(id)),
  );
  const { health, openApi } = Object.fromEntries(answers);
  const refusal = { error: 'server_error', owner: 'partner', problems: PROBLEMS };
  expect(health?.status).toBe(503);
  expect(JSON.parse(health?.text ?? '')).toEqual({ status: 'down', problems: PROBLEMS });
  expect(api?.map((one) => one?.status)).toEqual(api?.map(() => 500));
  const bodies = api?.map((one) => JSON.parse(one?.text ?? ''));
  expect(bodies).toEqual(bodies?.map(() => expect.objectContaining(refusal)));
  expect(openApi?.status).toBe(200);
  expect(pages?.map((page) => page?.status)).toEqual(pages?.map(() => 503));
  expect(pages).toHaveLength(4);
  expect(JSON.stringify([bodies, health, pages, logs])).not.toContain(CANARY);
});

test('timers and queues fail by themselves, and the host goes on', async () => {
  const { host, logs } = await start(ALL_WRONG);
  const queue = QueueServiceClient.fromConnectionString(storage).getQueueClient('token-refresh');
  await queue.createIfNotExists();
  await queue.sendMessage(JSON.stringify({ keys: [] }));
  await expect(host.runFunction('refreshTokens')).rejects.toThrow('PARTNER_TENANT_ID is missing.');
  await host.drainQueues();
  expect((await ask(host, 'api/health')).status).toBe(503);
  const failed = logs.filter(({ message }) => message.includes('PARTNER_TENANT_ID is missing.'));
  const names = new Set(failed.map(({ functionName }) => functionName));
  expect(names).toEqual(new Set(['refreshTokens', 'refreshBatch']));
  expect(JSON.stringify(logs)).not.toContain(CANARY);
  expect((await queue.getProperties()).approximateMessagesCount).toBe(1);
});

test.each([
  ['PARTNER_CLIENT_ID', '', 'PARTNER_CLIENT_ID is missing.'],
  [
    'KEY_VAULT_URL',
    '@Microsoft.KeyVault(x)',
    'KEY_VAULT_URL is a Key Vault reference that the platform did not resolve.',
  ],
  [
    'ENTRA_AUTHORITY',
    'http://entra.example',
    'ENTRA_AUTHORITY must be an https URL (http only on loopback).',
  ],
  ['CLOUD', 'china', 'CLOUD must be one of global, gcc, gcc-high, dod.'],
])('%s alone being %j is named alone', async (name, value, problem) => {
  const { host } = await start({ [name]: value });
  const { text } = await ask(host, 'api/health');
  expect(JSON.parse(text)).toEqual({ status: 'down', problems: [problem] });
});

test('without a schedule the timer is left out, and the broker says why', async () => {
  const { TOKEN_REFRESH_SCHEDULE: _, ...settings } = GOOD;
  const { host, logs } = await start(settings, {});
  expect(host.functions.map(({ name }) => name)).not.toContain('refreshTokens');
  expect(logs.map(({ message }) => message)).toContain(
    "The 'refreshTokens' function is in error: '%TOKEN_REFRESH_SCHEDULE%' does not resolve to a value.",
  );
  const { text } = await ask(host, 'api/health');
  expect(JSON.parse(text).problems).toEqual(['TOKEN_REFRESH_SCHEDULE is missing.']);
});
