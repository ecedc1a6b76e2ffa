import { expect, test } from 'vitest';
import { createTenantTable } from '../../../shared/azure/records/tenant-table.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createTenantDirectory } from '../../../shared/tenants/tenant-directory.ts';
import { createOutcomeReporter } from '../../../shared/tenants/tenant-outcome.ts';
import type { Cause } from '../../../shared/tokens/failure-table.ts';
import { createClock, HOUR } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';

/** `count` active tenants in a table, and their reporter. */
async function setUp(count: number) {
  const clock = createClock();
  const log = createRecordedLog();
  const tenants = createTenantTable(openNewTable('tenants'), log);
  const ids = Array.from(
    { length: count },
    (_, i) => `${String(i).padStart(8, '0')}-0000-4000-8000-000000000000`,
  );
  for (const id of ids) await tenants.insert({ ...createTenant(id, 0), status: 'active' });
  const directory = createTenantDirectory({ tenants, now: clock.now });
  const report = createOutcomeReporter({
    tenants,
    directory,
    advanceEpoch: () => Promise.resolve(directory.forget()),
    required: new Set(['defender-xdr' as const]),
    log,
    now: clock.now,
  });
  const fail = async (tenantId: string, cause: Cause, times: number) => {
    directory.forget();
    await report({ tenantId, resource: 'defender-xdr' }, { failure: { cause }, count: times });
  };
  const issue = async (tenantId: string) => {
    directory.forget();
    await report({ tenantId, resource: 'defender-xdr' }, { issued: true, roles: [] });
  };
  const list = async () => (await tenants.list({ limit: 100 })).tenants;
  const statuses = async () => (await list()).map(({ status }) => status);
  const failing = async () => (await list()).filter(({ failure }) => failure);
  return { ids, fail, issue, statuses, failing, log, clock, report, directory };
}

test('one customer that withdraws is found out by the second refusal', async () => {
  const { ids, fail, statuses } = await setUp(2);
  await fail(ids[0] ?? '', 'consent_missing', 1);
  await fail(ids[0] ?? '', 'consent_missing', 2);
  expect(await statuses()).toEqual(['consent_revoked', 'active']);
});

test('many customers fail alike: one alarm in an hour, none is demoted, and they recover', async () => {
  const { ids, fail, issue, statuses, failing, log, clock } = await setUp(30);
  for (const times of [1, 2, 3]) for (const id of ids) await fail(id, 'app_disabled', times);
  expect(new Set(await statuses())).toEqual(new Set(['active']));
  const alarms = () => log.lines.filter(({ level }) => level === 'error');
  expect(alarms()).toEqual([
    {
      level: 'error',
      event: 'tenants.cohort_failing',
      fields: { cause: 'app_disabled', at_least: 4 },
    },
  ]);
  clock.pass(HOUR);
  for (const id of ids) await fail(id, 'app_disabled', 4);
  expect(alarms()).toHaveLength(2);
  for (const id of ids) await issue(id);
  expect(await failing()).toEqual([]);
  for (const times of [1, 2]) await fail(ids[0] ?? '', 'app_disabled', times);
  expect(new Set(await statuses())).toEqual(new Set(['consent_revoked', 'active']));
  expect(alarms()).toHaveLength(2);
});

test('many customers meet an error that nobody knows: one alarm, none is demoted', async () => {
  const { ids, fail, statuses, log } = await setUp(5);
  for (const id of ids.slice(0, 3)) await fail(id, 'unexpected_answer', 1);
  expect(log.lines).toEqual([]);
  for (const times of [1, 2]) for (const id of ids) await fail(id, 'unexpected_answer', times);
  expect(log.lines).toEqual([
    {
      level: 'error',
      event: 'tenants.cohort_failing',
      fields: { cause: 'unexpected_answer', at_least: 4 },
    },
  ]);
  expect(new Set(await statuses())).toEqual(new Set(['active']));
});

test('a tenant that departs does not change how others are judged', async () => {
  const { ids, fail, statuses } = await setUp(3);
  for (const times of [1, 2]) await fail(ids[1] ?? '', 'tenant_gone', times);
  await fail(ids[2] ?? '', 'tenant_gone', 1);
  expect(await statuses()).toEqual(['active', 'consent_revoked', 'active']);
});

test('failures of long ago do not protect who withdraws now', async () => {
  const { ids, fail, statuses, clock } = await setUp(5);
  for (const id of ids.slice(1)) await fail(id, 'consent_missing', 1);
  clock.pass(25 * HOUR);
  await fail(ids[0] ?? '', 'consent_missing', 1);
  await fail(ids[0] ?? '', 'consent_missing', 2);
  expect((await statuses())[0]).toBe('consent_revoked');
});

test('a role that came back makes a partial tenant active again', async () => {
  const { ids, fail, statuses, report, directory } = await setUp(1);
  await fail(ids[0] ?? '', 'roles_missing', 2);
  expect(await statuses()).toEqual(['partial']);
  directory.forget();
  const key = { tenantId: ids[0] ?? '', resource: 'defender-xdr' } as const;
  await report(key, { issued: true, roles: ['Incident.Read.All'] });
  expect(await statuses()).toEqual(['active']);
});
