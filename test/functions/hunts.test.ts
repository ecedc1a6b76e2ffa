import { expect, test } from 'vitest';
import { startWorld } from './set-up.ts';

const world = await startWorld();
const { sandbox, operator, onboard } = world;
const contoso = (await onboard('Contoso')).tenant;
const fabrikam = (await onboard('Fabrikam')).tenant;
const { hunting } = sandbox.microsoft;
hunting.tables.withdraw(fabrikam.tenantId, 'EmailEvents');

/** Makes a hunt and lets it run to its end; answers it customer by customer. */
async function hunt(body: Record<string, unknown>) {
  const made = await operator.call('POST', '/hunts', body);
  expect(made.status, JSON.stringify(made.body)).toBe(202);
  await sandbox.host.drainQueues();
  return (await operator.call('GET', `/hunts/${made.body.hunt_id}`)).body;
}

test('one query is asked of all customers, and answered as one table', async () => {
  const done = await hunt({ query: 'DeviceInfo | distinct DeviceName | sort by DeviceName asc' });
  expect(done).toMatchObject({ status: 'complete', rows: 24, verdicts: { complete: 2 } });
  const { body } = await operator.call('GET', `/hunts/${done.hunt_id}/results`);
  expect(body.value).toHaveLength(24);
  expect(new Set(body.value.map((row: { tenant_id: string }) => row.tenant_id))).toEqual(
    new Set([contoso.tenantId, fabrikam.tenantId]),
  );
});

test('a customer without the table is said by name', async () => {
  const done = await hunt({ query: 'EmailEvents | count' });
  expect(done).toMatchObject({
    status: 'incomplete',
    verdicts: { complete: 1, not_available: 1 },
    value: expect.arrayContaining([
      expect.objectContaining({ tenant_id: fabrikam.tenantId, problem: 'table_missing' }),
    ]),
  });
});

test('one customer is asked now', async () => {
  const { status, body } = await operator.call('POST', `/tenants/${contoso.tenantId}/hunt`, {
    query: 'AlertInfo | summarize Alerts = count() by Severity',
  });
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body).toMatchObject({
    verdict: 'complete',
    columns: [{ name: 'Severity' }, { name: 'Alerts' }],
  });
});
