import { expect, test } from 'vitest';
import { createGetRetentionMs } from '../../../shared/retention/retention.ts';
import { createIncidentSweep } from '../../../shared/retention/sweep-incidents.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createClock } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';

const getRetentionMs = createGetRetentionMs({
  incidentRetentionDays: 180,
  auditRetentionDays: 400,
  hunting: { retentionDays: 7 },
});
const TENANTS = [
  createTenant('tenant-1', 0),
  { ...createTenant('tenant-2', 0), incidentRetentionDays: 90 },
];

/** A store where each tenant has so many incidents left to remove. */
function setUp(counts: Readonly<Record<string, number>>) {
  const asked: unknown[] = [];
  const log = createRecordedLog();
  const { now } = createClock();
  const left = new Map(Object.entries(counts));
  const sweep = createIncidentSweep({
    tenants: { list: () => Promise.resolve({ tenants: TENANTS, next: undefined }) },
    incidents: {
      removeBefore: async (tenantId, { instant, limit }) => {
        asked.push([tenantId, instant]);
        const count = left.get(tenantId);
        if (count === undefined) throw new Error('down');
        const removed = Math.min(count, limit);
        left.set(tenantId, count - removed);
        return await Promise.resolve(removed);
      },
      removeOrphans: (time) => Promise.resolve(asked.push(['orphans', time])),
    },
    changeFeed: {
      removeBefore: (time) => {
        asked.push(['changes', new Date(time).toISOString()]);
        return Promise.resolve(1);
      },
    },
    getRetentionMs,
    log,
    now,
  });
  return { sweep, asked, left, log, now };
}

test('an incident is without an update for `INCIDENT_RETENTION_DAYS` (180), or for the `incident_retention_days` of its customer: it goes, changes after 30 days, then orphans', async () => {
  const { sweep, asked, log, now } = setUp({ 'tenant-1': 2, 'tenant-2': 1 });
  await sweep();
  expect(asked).toEqual([
    ['changes', '2026-10-22T09:00:00.000Z'],
    ['tenant-1', '2026-05-25T09:00:00.0000000Z'],
    ['tenant-2', '2026-08-23T09:00:00.0000000Z'],
    ['orphans', now()],
  ]);
  const removed = { changes_removed: 1, incidents_removed: 3, orphans_removed: 4 };
  expect(log.lines).toMatchObject([{ event: 'sweep.incidents', fields: removed }]);
});

test('one run removes batch after batch of all tenants, but not for ever', async () => {
  const { sweep, log } = setUp({ 'tenant-1': 60_000, 'tenant-2': 1_000_000 });
  await sweep();
  expect(log.lines).toMatchObject([{ fields: { incidents_removed: 100_000 } }]);
});

test('a tenant whose incidents can not be removed holds no other one up, and is reported', async () => {
  const { sweep, left } = setUp({ 'tenant-2': 5 });
  await expect(sweep()).rejects.toThrow('down');
  expect(left.get('tenant-2')).toBe(0);
});
