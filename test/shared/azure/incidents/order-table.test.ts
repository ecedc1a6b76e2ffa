import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIncidentTable } from '../../../../shared/azure/incidents/incident-table.ts';
import { createOrderTable } from '../../../../shared/azure/incidents/order-table.ts';
import type { Incident } from '../../../../shared/incidents/incident.ts';
import type { OrderQuery } from '../../../../shared/incidents/incident-order.ts';
import type { IncidentWrite } from '../../../../shared/incidents/incident-store.ts';
import { toInstant } from '../../../../shared/incidents/instant.ts';
import { createOrderedIncidents } from '../../../../shared/incidents/ordered-incidents.ts';
import { at, makeIncident, makeWrite } from '../../../support/incidents.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { runs } from '../../../support/runs.ts';
import { openNewContainer, openNewTable } from '../../../support/storage.ts';
import { OTHER_TENANT, TENANT } from '../../../support/tokens.ts';

const NOW = Date.UTC(2026, 10, 21, 9);

function setUp() {
  const log = createRecordedLog();
  const open = openNewTable('incidentorder');
  const order = createOrderTable(open, log);
  const table = createIncidentTable(
    { open: openNewTable('incidents'), blobs: openNewContainer('incidents') },
    log,
  );
  const incidents = createOrderedIncidents(table, order);
  const list = async (query: Partial<OrderQuery> = {}) =>
    (await order.list({ limit: 100, ...query })).entries.map(
      ({ tenantId, incidentId }) => `${tenantId === TENANT ? 'one' : 'other'}:${incidentId}`,
    );
  const countRows = async () => {
    let count = 0;
    for await (const _ of (await open()).listEntities()) count++;
    return count;
  };
  return { order, table, incidents, list, countRows };
}

function versionAt(incidentId: number, minute: number, more: Partial<Incident> = {}): Incident {
  const lastUpdateAt = toInstant(NOW + minute * 60_000);
  return makeIncident({ incidentId: String(incidentId), lastUpdateAt, ...more });
}

function writeOf(incident: Incident, seen?: IncidentWrite['seen']): IncidentWrite {
  return { ...makeWrite(), incident, seen, kind: seen ? 'updated' : 'created' };
}

test('incidents of all tenants come with the last updated first, to 100 ns', async () => {
  const { order, list } = setUp();
  await order.add([
    versionAt(1, 5),
    versionAt(2, 9, { tenantId: OTHER_TENANT }),
    versionAt(3, 7),
    makeIncident({ incidentId: '4', lastUpdateAt: at('2026-11-21T09:07:00.0000001Z') }),
    makeIncident({ incidentId: '5', lastUpdateAt: at('0001-01-01T00:00:00Z') }),
    makeIncident({ incidentId: '6', lastUpdateAt: at('9999-12-31T23:59:59.9999999Z') }),
  ]);
  expect(await list()).toEqual(['one:6', 'other:2', 'one:4', 'one:3', 'one:1', 'one:5']);
  expect(await list({ tenantId: OTHER_TENANT })).toEqual(['other:2']);
});

test('they are narrowed, and go on after a page', async () => {
  const { order, list } = setUp();
  await order.add([
    versionAt(1, 1, { severity: 'low', assignedTo: "o'neil@x.example" }),
    versionAt(2, 2, { severity: 'high', status: 'resolved' }),
    versionAt(3, 3, { severity: 'medium' }),
    versionAt(4, 4, { severity: 'high' }),
  ]);
  expect(await list({ severities: ['high', 'low'] })).toEqual(['one:4', 'one:2', 'one:1']);
  expect(await list({ statuses: ['resolved'] })).toEqual(['one:2']);
  expect(await list({ assignedTo: "o'neil@x.example" })).toEqual(['one:1']);
  expect(await list({ updatedSince: toInstant(NOW + 3 * 60_000) })).toEqual(['one:4', 'one:3']);
  const first = await order.list({ limit: 3 });
  expect(first.entries).toHaveLength(3);
  expect(await list({ after: first.next })).toEqual(['one:1']);
  expect((await order.list({ limit: 3, after: first.next })).next).toBeUndefined();
});

test('an incident that is saved again stands once, where it was updated last', async () => {
  const { incidents, list, countRows } = setUp();
  await incidents.save(TENANT, [writeOf(versionAt(1, 1)), writeOf(versionAt(2, 2))]);
  const seen = (await incidents.findVersions(TENANT, ['1'])).get('1');
  await incidents.save(TENANT, [writeOf(versionAt(1, 3), seen)]);
  expect([await list(), await list({ tenantId: TENANT })]).toEqual([
    ['one:1', 'one:2'],
    ['one:1', 'one:2'],
  ]);
  expect(await countRows()).toBe(4);
});

test('a version that was overtaken, or that a crash left, points to what is stored and counts no more', async () => {
  const { order, table, incidents } = setUp();
  await order.add([versionAt(1, 9)]);
  await table.save(TENANT, [writeOf(versionAt(1, 1))]);
  const { entries } = await order.list({ limit: 10 });
  const [listed] = await incidents.findListed(entries);
  expect(listed).toMatchObject({ lastUpdateAt: toInstant(NOW + 60_000) });
  expect(entries).toMatchObject([{ lastUpdateAt: toInstant(NOW + 9 * 60_000) }]);
});

test("a tenant's entries are removed, and nobody else's, and old ones by their age", async () => {
  const { incidents, list, countRows } = setUp();
  const others = [1, 2].map((id) => versionAt(id, id, { tenantId: OTHER_TENANT }));
  await incidents.save(TENANT, [writeOf(versionAt(1, 1)), writeOf(versionAt(2, 5))]);
  await incidents.save(
    OTHER_TENANT,
    others.map((one) => writeOf(one)),
  );
  await incidents.removeTenant(TENANT);
  expect([await list(), await countRows()]).toEqual([['other:2', 'other:1'], 4]);
  const old = { instant: toInstant(NOW + 2 * 60_000), limit: 100 };
  await incidents.removeBefore(TENANT, old);
  expect([await list(), await countRows()]).toEqual([['other:2', 'other:1'], 4]);
  await incidents.removeBefore(OTHER_TENANT, old);
  expect([await list(), await countRows()]).toEqual([['other:2'], 2]);
});

test('whatever is saved in whatever order, the order is that of what is stored', async () => {
  const step = fc.record({
    id: fc.integer({ min: 1, max: 6 }),
    minute: fc.integer({ min: 0, max: 40 }),
    isOther: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const { incidents, list } = setUp();
      const stored = new Map<string, number>();
      for (const { id, minute, isOther } of steps) {
        const tenantId = isOther ? OTHER_TENANT : TENANT;
        const seen = (await incidents.findVersions(tenantId, [String(id)])).get(String(id));
        await incidents.save(tenantId, [writeOf(versionAt(id, minute, { tenantId }), seen)]);
        stored.set(`${isOther ? 'other' : 'one'}:${id}`, minute);
      }
      const minutes = (await list()).map((name) => stored.get(name));

      expect(minutes).toEqual([...stored.values()].sort((a, b) => b - a));
    }),
    { numRuns: runs(2) },
  );
});

test('JSON of incidents is answered for lists as long as it is no larger than 1 MiB', async () => {
  const { incidents } = setUp();
  const raw = (id: number, length: number) => JSON.stringify({ id, text: 'x'.repeat(length) });
  const sizes = [10, 2_000_000, 100];
  await incidents.save(
    TENANT,
    sizes.map((size, id) => ({ ...writeOf(versionAt(id + 1, 1)), raw: raw(id, size) })),
  );
  const keys = [3, 2, 1, 4].map((id) => ({ tenantId: TENANT, incidentId: String(id) }));
  expect(await incidents.findRaws(keys)).toEqual([raw(2, 100), undefined, raw(0, 10), undefined]);
});
