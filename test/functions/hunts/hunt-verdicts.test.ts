import { expect, test } from 'vitest';
import { HUNTING_FAULTS } from '../../../local/defender/hunting/hunting-faults.ts';
import { dropRole, revokeConsent } from '../../../local/entra/directory/grants.ts';
import { findTenant, startHunting } from './set-up.ts';

const { sandbox, operator, onboard, customer, hunting, tenantIds, hunt } = await startHunting(
  'Contoso',
  'Fabrikam',
);
const [contoso = '', fabrikam = ''] = tenantIds;
const { directory, client } = sandbox.partner;
const { clientId } = client;
const COUNT = 'DeviceInfo | count';

test('a customer without the table is not_available, by the customer; a slip is by the caller', async () => {
  hunting.tables.withdraw(fabrikam, 'EmailEvents');
  const done = await hunt({ query: 'EmailEvents | count' });
  expect(done).toMatchObject({
    status: 'incomplete',
    verdicts: { complete: 1, not_available: 1 },
  });
  expect(findTenant(done, fabrikam)).toMatchObject({ problem: 'table_missing', owner: 'customer' });
  const slip = await hunt({ query: 'EmailEvent | count', tenants: [contoso] });
  expect(slip.value[0]).toMatchObject({
    verdict: 'not_available',
    problem: 'unknown_table',
    owner: 'caller',
    microsoft: expect.stringContaining("'EmailEvent'"),
  });
});

test('a customer that has not granted the role shows which, with the link', async () => {
  const { tenantId } = customer('Litware').tenant;
  const role = 'ThreatHunting.Read.All';
  await onboard('Litware');
  dropRole(directory, { tenantId, clientId, role });
  const state = await hunt({ query: COUNT, tenants: [tenantId] });
  expect(state.value[0]).toMatchObject({
    verdict: 'consent_missing',
    problem: 'role_missing',
    owner: 'customer',
    missing_roles: [role],
    consent_url: expect.stringContaining('/api/consent/start'),
  });
  const now = await operator.call('POST', `/tenants/${tenantId}/hunt`, { query: COUNT });
  expect([now.status, now.body.error, now.body.missing_roles]).toEqual([
    409,
    'missing_roles',
    [role],
  ]);
});

test('a customer without a consent is said, and asked for nothing', async () => {
  const { tenantId } = (await onboard('Wingtip')).tenant;
  revokeConsent(directory, { tenantId, clientId });
  await operator.call('POST', `/tenants/${tenantId}/verify`);
  const state = await hunt({ query: COUNT, tenants: [tenantId] });
  expect(state.value[0]).toMatchObject({ verdict: 'consent_missing', owner: 'customer', calls: 0 });
});

test('a disabled customer is not asked', async () => {
  await operator.call('PATCH', `/tenants/${fabrikam}`, { status: 'disabled' });
  const state = await hunt({ query: COUNT, tenants: [fabrikam] });
  expect(state.value[0]).toMatchObject({ problem: 'tenant_disabled', owner: 'partner', calls: 0 });
  const now = await operator.call('POST', `/tenants/${fabrikam}/hunt`, { query: COUNT });
  expect([now.status, now.body.error]).toEqual([409, 'tenant_disabled']);
  await operator.call('PATCH', `/tenants/${fabrikam}`, { status: 'active' });
  await sandbox.host.drainQueues();
});

test('one customer is asked now', async () => {
  const { status, body } = await operator.call('POST', `/tenants/${contoso}/hunt`, {
    query: 'AlertInfo | summarize Alerts = count() by Severity',
  });
  expect([status, body.error_description]).toEqual([200, undefined]);
  expect(body).toMatchObject({
    verdict: 'complete',
    columns: [{ name: 'Severity' }, { name: 'Alerts' }],
  });
});

test.each([
  ['502 with HTML', 'html'],
  ['200 with HTML', 'htmlWith200'],
  ['504 without a message', 'silentTimeout'],
  ['500 without a message', 'bareError'],
  ['a pre-empted query', 'preempted'],
] as const)(
  '%s, once: the customer waits for seconds, as a hunt that goes on',
  async (_, fault) => {
    hunting.faults.inject({ ...HUNTING_FAULTS[fault], tenantId: contoso, times: 1 });
    const { status, headers, body } = await operator.call('POST', `/tenants/${contoso}/hunt`, {
      query: COUNT,
    });
    expect([status, body.status]).toEqual([202, 'running']);
    expect(headers.get('location')).toBe(`/api/hunts/${body.hunt_id}`);
    const state = (await operator.call('GET', `/hunts/${body.hunt_id}`)).body;
    expect(state.value[0]).toMatchObject({ status: 'waiting', calls: 1 });
    await operator.call('DELETE', `/hunts/${body.hunt_id}`);
  },
);

test('max_rows is hard, at a customer and in all', async () => {
  const tenants = [contoso, fabrikam];
  const state = await hunt({ query: 'DeviceInfo', max_rows: 10, tenants });
  expect(state).toMatchObject({ rows: 20, verdicts: { truncated: 2 } });
  expect(state.value[0]).toMatchObject({ problem: 'max_rows', owner: 'caller', rows: 10 });
  const total = await hunt({ query: 'DeviceInfo', max_total_rows: 130, tenants });
  expect(total).toMatchObject({ rows: 130, verdicts: { complete: 1, truncated: 1 } });
});

test('an aggregate of too much is stored as far as it goes, and says so', async () => {
  hunting.tables.setRows(contoso, 'AlertInfo', 101_000);
  const state = await hunt({ query: 'AlertInfo | summarize by AlertId', tenants: [contoso] });
  hunting.tables.setRows(contoso, 'AlertInfo', 60);
  expect(state.value[0]).toMatchObject({
    verdict: 'truncated',
    problem: 'row_limit',
    rows: 100_000,
    remedy: expect.stringContaining('summarize'),
  });
});
