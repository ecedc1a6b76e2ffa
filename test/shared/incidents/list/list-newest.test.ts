import { expect, test, vi } from 'vitest';
import type { Incident, IncidentKey } from '../../../../shared/incidents/incident.ts';
import type { OrderQuery } from '../../../../shared/incidents/incident-order.ts';
import { toInstant } from '../../../../shared/incidents/instant.ts';
import { createListNewest } from '../../../../shared/incidents/list/list-newest.ts';
import type { ListQuery } from '../../../../shared/incidents/list/list-query.ts';
import { ALLOW, CALLER, makeIncident, rawOf, setUpApi, tenantOf } from '../api-set-up.ts';

const QUERY = {
  caller: CALLER,
  tenant: undefined,
  tag: undefined,
  cursor: undefined,
  limit: 100,
} satisfies ListQuery;

/** Incidents of some tenants in the order of their numbers, the highest last updated. */
function setUp(count: number, tenants = 3) {
  const api = setUpApi(tenants);
  const stored = new Map<string, Incident | 'unreadable'>();
  const keyOf = ({ tenantId, incidentId }: IncidentKey) => `${tenantId}/${incidentId}`;
  const all = Array.from({ length: count }, (_, n) =>
    makeIncident(tenantOf((n % tenants) + 1), n + 1, { lastUpdateAt: toInstant(n * 1000) }),
  ).toReversed();
  for (const one of all) stored.set(keyOf(one), one);
  const order = {
    list: vi.fn(({ after, limit, tenantId }: OrderQuery) => {
      const matching = all
        .filter((one) => !tenantId || one.tenantId === tenantId)
        .map((one) => ({ ...one, position: String(9999 - Number(one.incidentId)) }))
        .filter(({ position }) => !after || position > after);
      const entries = matching.slice(0, limit);
      const next = entries.length < limit ? undefined : entries.at(-1)?.position;
      return Promise.resolve({ entries, next });
    }),
  };
  const findListed = (keys: readonly IncidentKey[]) =>
    Promise.resolve(keys.map((key) => stored.get(keyOf(key))));
  const incidents = { ...api.incidents, findListed };
  const list = createListNewest({ ...api, order, incidents });
  const idsOf = (page: readonly Incident[]) => page.map(({ incidentId }) => Number(incidentId));
  return { ...api, stored, keyOf, all, order, list, idsOf };
}

const range = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, n) => from - n);

test('pages follow each other without a gap, whatever their size', async () => {
  const { list, idsOf } = setUp(25);
  const ids: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ ...QUERY, cursor, limit: 4 });
    ids.push(...idsOf(page.incidents));
    cursor = page.next;
  } while (cursor !== undefined);
  expect(ids).toEqual(range(25, 1));
});

test('entries of another version, or of nothing, are passed over; unreadable ones are counted', async () => {
  const { list, idsOf, stored, keyOf, all } = setUp(6);
  const [six, five, four] = all as [Incident, Incident, Incident];
  stored.set(keyOf(six), { ...six, lastUpdateAt: toInstant(9_999_000) });
  stored.delete(keyOf(five));
  stored.set(keyOf(four), 'unreadable');
  const page = await list(QUERY);
  expect([idsOf(page.incidents), page.unreadable]).toEqual([[3, 2, 1], 1]);
});

test('tenants that are not granted are not shown', async () => {
  const { list, idsOf, rules } = setUp(6);
  rules.splice(0, 1, { ...ALLOW, tenants: [tenantOf(1), tenantOf(2)] });
  const page = await list(QUERY);
  expect([idsOf(page.incidents), page.coverage.tenants]).toEqual([[5, 4, 2, 1], 2]);
});

test('an offboarded tenant is not shown, and a tag chooses tenants', async () => {
  const { list, idsOf, setStatus, tenantsOnFile } = setUp(6);
  tenantsOnFile.splice(0, 3, ...tenantsOnFile.map((tenant, n) => ({ ...tenant, tags: [`t${n}`] })));
  setStatus(2, 'offboarded');
  expect(idsOf((await list({ ...QUERY, tag: 't0' })).incidents)).toEqual([4, 1]);
  expect(idsOf((await list({ ...QUERY, tag: 't1' })).incidents)).toEqual([]);
  expect(idsOf((await list(QUERY)).incidents)).toEqual([6, 4, 3, 1]);
});

test('a request looks at 2,000 entries, and its page may be empty while there is more', async () => {
  const { list, order, rules } = setUp(2500, 1);
  rules.splice(0, 1);
  const page = await list(QUERY);
  expect([page.incidents, order.list.mock.calls.length]).toEqual([[], 20]);
  expect(page.next).toEqual(expect.any(String));
});

test('the JSON is read for what is shown, in smaller blocks, and what is too large is left out', async () => {
  const { list, order, incidents } = setUp(30, 1);
  const page = await list({ ...QUERY, limit: 12, withRaw: true });
  expect(order.list.mock.calls[0]?.[0].limit).toBe(25);
  expect(page.incidents.map((one) => page.raws.get(one))).toEqual(
    range(30, 19).map((id) => rawOf(String(id))),
  );
  expect(incidents.findRaws.mock.calls[0]?.[0]).toHaveLength(25);
});

test('nothing of the JSON is read unless it is asked for', async () => {
  const { list, incidents } = setUp(3);
  const page = await list(QUERY);
  expect([page.raws.size, incidents.findRaws.mock.calls.length]).toEqual([0, 0]);
});
