import { expect, test } from 'vitest';
import { HUNTING_FAULTS } from '../../../local/defender/hunting/hunting-faults.ts';
import { findTenant, startHunting } from './set-up.ts';

const { sandbox, operator, playbook, hunting, tenantIds, start, get, hunt, readPages } =
  await startHunting('Contoso', 'Fabrikam', 'Litware');
const [contoso = '', fabrikam = '', litware = ''] = tenantIds;

test('one query is asked of all customers, and answered as one table', async () => {
  const done = await hunt({ query: 'DeviceInfo | distinct DeviceName | sort by DeviceName asc' });
  expect(done).toMatchObject({ status: 'complete', rows: 36, verdicts: { complete: 3 } });
  const { body } = await operator.call('GET', `/hunts/${done.hunt_id}/results`);
  expect(body.value).toHaveLength(36);
  expect(body.next_cursor).toBeUndefined();
  const owners = body.value.map((row: { tenant_id: string }) => row.tenant_id);
  expect(new Set(owners)).toEqual(new Set(tenantIds));
});

test("a dead customer and a throttled one delay nobody: the third one's rows are there at once", async () => {
  hunting.faults.inject({ ...HUNTING_FAULTS.cpu, tenantId: contoso, times: 1 });
  hunting.faults.inject({ ...HUNTING_FAULTS.bareError, tenantId: litware, times: 1 });
  const state = await hunt({ query: 'DeviceInfo | count' });
  expect(state).toMatchObject({ status: 'running', tenants: { waiting: 2, ended: 1 }, rows: 1 });
  for (const tenantId of [contoso, litware]) {
    expect(findTenant(state, tenantId)).toMatchObject({
      status: 'waiting',
      retry_at: expect.any(String),
    });
  }
  const { body } = await operator.call('GET', `/hunts/${state.hunt_id}/results`);
  expect(body).toMatchObject({
    value: [{ tenant_id: fabrikam }],
    next_cursor: expect.any(String),
  });
  await operator.call('DELETE', `/hunts/${state.hunt_id}`);
});

test('the same cursor follows a hunt while it runs, and says when to ask again', async () => {
  const tenants = [fabrikam, litware];
  hunting.faults.inject({ ...HUNTING_FAULTS.preempted, tenantId: litware, times: 1 });
  const id = await start({ query: 'DeviceInfo | count', tenants });
  await sandbox.host.drainQueues();
  const first = (await operator.call('GET', `/hunts/${id}/results`)).body;
  const path = `/hunts/${id}/results?cursor=${first.next_cursor}`;
  const between = await operator.call('GET', path);
  expect([first.value.length, between.body.value, between.headers.get('retry-after')]).toEqual([
    1,
    [],
    '2',
  ]);
  await expect.poll(async () => (await get(id)).status, { interval: 250 }).toBe('complete');
  const last = (await operator.call('GET', path)).body;
  expect(last.value).toMatchObject([{ tenant_id: litware }]);
  expect(last.next_cursor).toBeUndefined();
});

test('a hunt that is cancelled asks nobody more, and keeps what it has', async () => {
  const tenants = [fabrikam, litware];
  hunting.faults.inject({ ...HUNTING_FAULTS.preempted, tenantId: litware, times: 1 });
  const id = await start({ query: 'DeviceInfo | take 3', tenants });
  await sandbox.host.drainQueues();
  const cancelled = await operator.call('POST', `/hunts/${id}/cancel`);
  expect(cancelled.body).toMatchObject({ status: 'cancelled' });
  await sandbox.host.drainQueues();
  expect(await get(id)).toMatchObject({
    status: 'cancelled',
    rows: 3,
    verdicts: { complete: 1, cancelled: 1 },
  });
  expect(await readPages(id, 'ndjson')).toHaveLength(1);
});

test('who did not make a hunt does not see it, nor who lacks the role', async () => {
  const state = await hunt({ query: 'DeviceInfo | count', tenants: [fabrikam] });
  const refused = await playbook.call('GET', `/hunts/${state.hunt_id}`);
  expect([refused.status, refused.body.error]).toEqual([403, 'insufficient_scope']);
  const listed = (await operator.call('GET', '/hunts?limit=1')).body;
  expect(listed.value[0].hunt_id).toBe(state.hunt_id);
  expect(listed.next_cursor).toEqual(expect.any(String));
});

test('a hunt that is removed is gone, with its rows', async () => {
  const state = await hunt({ query: 'DeviceInfo | take 3', tenants: [fabrikam] });
  expect((await operator.call('DELETE', `/hunts/${state.hunt_id}`)).status).toBe(204);
  for (const path of ['', '/results']) {
    const { status, body } = await operator.call('GET', `/hunts/${state.hunt_id}${path}`);
    expect([status, body.error]).toEqual([404, 'hunt_not_found']);
  }
});

test('a customer that was offboarded leaves no row and no id behind', async () => {
  const state = await hunt({ query: 'DeviceInfo | take 5', tenants: [fabrikam, litware] });
  expect(findTenant(state, litware)).toMatchObject({ verdict: 'complete', rows: 5 });
  await operator.call('DELETE', `/tenants/${litware}`);
  const after = await get(state.hunt_id);
  expect(JSON.stringify(after)).not.toContain(litware);
  expect(after.value.map(({ problem }: { problem?: string }) => problem).sort()).toEqual([
    'offboarded',
    undefined,
  ]);
  const [page] = await readPages(state.hunt_id, 'ndjson');
  expect(page?.text.trimEnd().split('\n')).toHaveLength(5);
  expect(page?.text).not.toContain(litware);
});
