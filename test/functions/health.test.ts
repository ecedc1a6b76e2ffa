import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { startFunctionsHost } from '../../local/host/functions-host.ts';
import { APP_ROOT, type Sandbox } from '../../local/sandbox/sandbox.ts';
import { createAzureClients } from '../../shared/azure/clients/clients.ts';
import { createTimerTable } from '../../shared/azure/records/timer-table.ts';
import { createRecordedLog } from '../support/log.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, playbook } = await startEnvironment();
const { keyVault, entra } = sandbox.microsoft;
const queues = QueueServiceClient.fromConnectionString(sandbox.settings.AzureWebJobsStorage ?? '');

const SEEN = {
  duration_ms: expect.any(Number),
  checked_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  age_seconds: expect.any(Number),
};

test('strangers learn whether it is up, and touch nothing', async () => {
  entra.resetRequests();
  const answer = await fetch(`${sandbox.url}/api/health`);
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'up' }]);
  expect(entra.requests).toEqual([]);
});

test('operators see every dependency, touched now', async () => {
  const poison = queues.getQueueClient('token-refresh-poison');
  await poison.createIfNotExists();
  await poison.sendMessage('poison');
  await sandbox.host.runFunction('refreshTokens');
  const { status, body } = await operator.call('GET', '/health');
  const up = { status: 'up', ...SEEN };
  expect(status).toBe(200);
  expect(body).toEqual({
    status: 'up',
    checks: {
      credential: { ...up, kind: 'secret', version_age_days: 0, days_left: 364 },
      key_vault: { ...up, keys: 1, newest_key_age_days: 0, sealing_key_age_days: 0 },
      tables: { ...up, epoch: expect.any(Boolean) },
      queues: {
        ...up,
        queues: {
          'token-refresh': { depth: 0, poison: 1 },
          'consent-verification': { depth: 0, poison: 0 },
          'incident-sync': { depth: 0, poison: 0 },
          'webhook-delivery': { depth: 0, poison: 0 },
          'hunt-tenants': { depth: 0, poison: 0 },
        },
      },
      timers: {
        ...up,
        timers: [
          { name: 'refreshTokens', last_run: expect.stringContaining('Z'), late_seconds: 0 },
        ],
      },
      integrity: up,
      webhooks: { ...up, subscriptions: 0, waiting_changes: 0, behind_count: 0, behind: [] },
    },
  });
});

test('`GET /health` is asked all the time: the dependencies are asked once', async () => {
  const before = [entra.requests.length, keyVault.requests.length];
  await Promise.all(Array.from({ length: 20 }, () => operator.call('GET', '/health')));
  expect([entra.requests.length, keyVault.requests.length]).toEqual(before);
});

test('a wrong bearer is 401, a caller without the role 403', async () => {
  const headers = { authorization: 'Bearer x' };
  const stranger = await fetch(`${sandbox.url}/api/health`, { headers });
  expect([stranger.status, await stranger.json()]).toEqual([
    401,
    expect.objectContaining({ error: 'invalid_token' }),
  ]);
  expect((await playbook.call('GET', '/health')).status).toBe(403);
});

test('`GET /health` is asked all the time: one that is down is named, with its remedy', async () => {
  const broken = await startEnvironment();
  const { microsoft } = broken.sandbox;
  await fetch(`${microsoft.url}/sandbox/scenarios/expire-secret`, { method: 'POST' });
  const { status, body } = await broken.operator.call('GET', '/health');
  expect([status, body.status]).toEqual([503, 'down']);
  expect(body.checks).toMatchObject({
    credential: { status: 'down', entra_code: 7000222, remedy: expect.any(String) },
    key_vault: { status: 'up' },
    tables: { status: 'up' },
  });
});

function openTimerRuns({ settings }: { readonly settings: Readonly<Record<string, string>> }) {
  const azure = createAzureClients({
    storage: { connectionString: settings.AzureWebJobsStorage ?? '' },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
  return createTimerTable(() => azure.table('timers'), createRecordedLog());
}

test('a timer that runs several times a minute, of which the host says nothing, is watched too', async () => {
  const { sandbox: own } = await startEnvironment();
  await own.host.runFunction('dispatchWebhooks');
  const runs = await openTimerRuns(own).list();
  const { finishedAt = 0, nextAt } = runs.find(({ name }) => name === 'dispatchWebhooks') ?? {};
  expect(Math.round(((nextAt ?? 0) - finishedAt) / 1000)).toBe(60);
});

test('a timer is more than 5 min late: operators get 503 with its name', async () => {
  const broken = await startEnvironment();
  const runs = openTimerRuns(broken.sandbox);
  const nextAt = Date.now() - 302_000;
  await runs.save({ name: 'refreshTokens', finishedAt: nextAt - 300_000, nextAt });
  const { status, body } = await broken.operator.call('GET', '/health');
  expect([status, body.checks.timers]).toMatchObject([
    503,
    { status: 'down', problem: 'A timer is late: refreshTokens.', remedy: expect.any(String) },
  ]);
});

test('without Key Vault a broker that knows no credential yet says so', async () => {
  const broken = await startEnvironment();
  broken.sandbox.microsoft.keyVault.faults.inject({ kind: 'failing' });
  const { status, body } = await broken.operator.call('GET', '/health');
  expect(status).toBe(503);
  expect(body.checks).toMatchObject({
    credential: { status: 'down', problem: expect.stringContaining('Key Vault') },
    key_vault: { status: 'down', problem: 'It does not answer.' },
    tables: { status: 'up' },
  });
});

test('a malformed version of the key ring is named, and the good ones go on', async () => {
  const { sandbox: own, onboard, playbook: tool } = await startEnvironment();
  const { tenantId } = (await onboard('Contoso')).tenant;
  const version = own.microsoft.keyVault.setSecret('token-encryption-key', 'too short');
  const logs = await startAgain(own);
  const again = await tool.call('POST', `/tenants/${tenantId}/token`);
  expect(again.status).toBe(200);
  const lines = logs().filter((line) => line.includes('vault.key_malformed'));
  expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({
    secret: 'token-encryption-key',
    version,
    expected: '32 bytes in base64url',
  });
  expect(logs().join()).not.toContain('too short');
});

/**
 * A new process in place of the one that runs; answers what it logs, which while it starts is the
 * console's.
 */
async function startAgain({ host: before, settings }: Sandbox): Promise<() => readonly string[]> {
  await before.stop();
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  onTestFinished(() => error.mockRestore());
  const logs: string[] = [];
  const host = await startFunctionsHost({
    appRoot: APP_ROOT,
    settings,
    port: Number(new URL(before.url).port),
    log: ({ message }) => logs.push(message),
    timers: false,
  });
  afterAll(host.stop);
  return () => [...logs, ...error.mock.calls.flat().map(String)];
}

test('an identity without its role on the vault is told which one', async () => {
  const broken = await startEnvironment();
  broken.sandbox.microsoft.keyVault.faults.inject({ kind: 'failing', status: 403 });
  const { status, body } = await broken.operator.call('GET', '/health');
  expect(status).toBe(503);
  expect(body.checks.key_vault).toMatchObject({
    status: 'down',
    problem: 'The managed identity may not list secrets in Key Vault.',
    remedy: expect.stringContaining('Key Vault Secrets User'),
  });
});
