import { expect, test } from 'vitest';
import { HUNTING_FAULTS } from '../../../local/defender/hunting/hunting-faults.ts';
import { createAzureClients } from '../../../shared/azure/clients/clients.ts';
import { createHuntTable } from '../../../shared/azure/hunting/hunt-table.ts';
import { createRecordedLog } from '../../support/log.ts';
import { startHunting } from './set-up.ts';

const { sandbox, operator, send, hunting, tenantIds, start, get, hunt } = await startHunting(
  'Contoso',
  'Fabrikam',
  'Litware',
  'Wingtip',
);
const [contoso = '', fabrikam = '', litware = '', wingtip = ''] = tenantIds;
const COUNT = 'DeviceInfo | count';
const HOUR_MS = 60 * 60_000;

/** A customer's run in the broker's own storage. */
async function openRun(huntId: string) {
  const { table } = createAzureClients({
    storage: { connectionString: sandbox.settings.AzureWebJobsStorage ?? '' },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
  const hunts = createHuntTable(() => table('hunts'), createRecordedLog());
  const run = await hunts.findRun(huntId, 0);
  if (!run) throw new Error('There is no such run.');
  return { hunts, run };
}

/** As if Microsoft had begun to throttle an hour ago; the queue delivers the customer again. */
async function passAnHour(huntId: string) {
  const { hunts, run } = await openRun(huntId);
  const throttledSince = (run.value.throttledSince ?? 0) - HOUR_MS;
  const dueAt = Date.now() - 1;
  await hunts.replaceRun(run, { ...run.value, throttledSince, dueAt });
  await send('hunt-tenants', { huntId, index: 0 });
  await sandbox.host.drainQueues();
}

test('Microsoft finds the query too long (413)', async () => {
  const query = `${COUNT} // `;
  const state = await hunt({
    query: query + 'x'.repeat(1_000_000 - query.length),
    tenants: [contoso],
  });
  expect(state.value[0]).toMatchObject({
    ...{ verdict: 'failed', problem: 'query_too_long', owner: 'caller', calls: 1, rows: 0 },
    remedy: expect.any(String),
  });
});

test.each([
  ['429 with Retry-After', 120, { tenantId: fabrikam, retryAfterIn: 'header' }],
  ['429 without Retry-After', 60, { tenantId: litware, retryAfterIn: 'none' }],
] as const)('%s: the customer waits %i s', async (_, seconds, { tenantId, retryAfterIn }) => {
  hunting.faults.inject({
    ...{ kind: 'throttled', retryAfterSeconds: seconds, retryAfterIn },
    ...{ tenantId, times: 1 },
  });
  const before = Date.now();
  const { hunt_id, value } = await hunt({ query: COUNT, tenants: [tenantId] });
  expect(value[0]).toMatchObject({ status: 'waiting', calls: 1 });
  const waitMs = Date.parse(value[0].retry_at) - before;
  expect([waitMs >= seconds * 1000, waitMs < (seconds + 30) * 1000]).toEqual([true, true]);
  await operator.call('DELETE', `/hunts/${hunt_id}`);
});

test.each([
  ['throttled', wingtip, HUNTING_FAULTS.calls],
  ['cpu_exhausted', contoso, HUNTING_FAULTS.cpu],
] as const)('Microsoft throttles a customer for an hour: %s', async (problem, tenantId, fault) => {
  hunting.faults.inject({ ...fault, tenantId, times: 1 });
  const id = await start({ query: COUNT, tenants: [tenantId] });
  await sandbox.host.drainQueues();
  expect((await get(id)).value[0]).toMatchObject({ status: 'waiting' });
  await passAnHour(id);
  expect(await get(id)).toMatchObject({
    ...{ status: 'incomplete', verdicts: { throttled: 1 } },
    value: [{ verdict: 'throttled', problem, owner: 'microsoft', remedy: expect.any(String) }],
  });
});
