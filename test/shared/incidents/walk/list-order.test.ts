import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FetchedIncident, Incident } from '../../../../shared/incidents/incident.ts';
import { shift, toInstant } from '../../../../shared/incidents/instant.ts';
import { MINUTE, SECOND } from '../../../support/clock.ts';
import { runs } from '../../../support/runs.ts';
import { TENANT } from '../../../support/tokens.ts';
import { fetched, setUpSync, toRow } from '../set-up.ts';

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const compare = (one: string, other: string) => (one === other ? 0 : one < other ? -1 : 1);
const toRank = ({ incident }: FetchedIncident) =>
  String((Number(incident.incidentId) * 7919) % 997);
const ORDERS = {
  'newest created first': (a: FetchedIncident, b: FetchedIncident) =>
    compare(toRow(b).created, toRow(a).created),
  'newest updated first': (a: FetchedIncident, b: FetchedIncident) =>
    compare(toRow(b).updated, toRow(a).updated),
  'oldest updated first': (a: FetchedIncident, b: FetchedIncident) =>
    compare(toRow(a).updated, toRow(b).updated),
  'no order': (a: FetchedIncident, b: FetchedIncident) => compare(toRank(a), toRank(b)),
};
type OrderName = keyof typeof ORDERS;
const orderNames = Object.keys(ORDERS) as OrderName[];

const setUp = (order: OrderName, options: { ceiling?: number; pageSize?: number } = {}) =>
  setUpSync({ pageSize: 20, ...options, order: ORDERS[order] });

test.each(['newest created first', 'newest updated first'] as const)(
  'of a list that has the %s each row is read once',
  async (order) => {
    const { api, sync, stored, at } = setUp(order);
    api.put(...range(60).map((id) => fetched(id, at(id))));
    await sync();
    expect(api.queries.map(({ skip }) => skip)).toEqual([0, 20, 40, 60]);
    expect(stored()).toHaveLength(60);
  },
);

test.each(['oldest updated first', 'no order'] as const)(
  'of a list that has the %s each page begins with a row of the page before',
  async (order) => {
    const { api, sync, at } = setUp(order);
    api.put(...range(60).map((id) => fetched(id, at((id * 7919) % 997))));
    await sync();
    expect(api.queries.map(({ skip }) => skip)).toEqual([0, 19, 38, 57]);
  },
);

test('a long list that has the newest created first is never skipped through further than 500 rows', async () => {
  const { api, drain, stored, at } = setUp('newest created first', { pageSize: 100 });
  api.put(...range(1500).map((id) => fetched(id, at(id))));
  await drain();
  const begun = api.queries.filter(({ skip }) => skip === 0).map(({ below }) => below?.at);
  expect(begun).toEqual([undefined, at(600), at(1199)]);
  expect(api.queries).toHaveLength(16);
  expect(stored()).toHaveLength(1500);
});

test('a long list by creation, whose incidents were updated since, is read in as few calls', async () => {
  const { api, drain, stored, at } = setUp('newest created first', { pageSize: 100 });
  const createdAt = (id: number) => shift(at(id), -MINUTE * ((id * 7919) % 97));
  api.put(...range(1500).map((id) => fetched(id, at(id), { createdAt: createdAt(id) })));
  await drain();
  expect(api.queries).toHaveLength(16);
  expect(stored()).toHaveLength(1500);
});

test('where $skip ends earlier, a list that has the newest updated first is read on in shared pages', async () => {
  const { api, drain, stored, at } = setUp('newest updated first', { ceiling: 30 });
  const created = toInstant(0);
  api.put(...range(70).map((id) => fetched(id, at(id), { createdAt: shift(created, id) })));
  await drain();
  const below = { by: 'updated', at: at(40) };
  expect(api.queries.slice(3)).toMatchObject([
    { skip: 0, below },
    { skip: 19, below },
  ]);
  expect(stored()).toHaveLength(70);
});

test('a list in which each change moves a row to the end is not taken for one by creation', async () => {
  const { api, sync, at } = setUp('oldest updated first');
  const isLast = (id: number) => ({ createdAt: at(1000 + id) });
  api.put(...range(60).map((id) => fetched(id, at(100 - id), isLast(id))));
  await sync();
  expect(api.queries.map(({ skip }) => skip)).toEqual([0, 19, 38, 57]);
});

test('a list whose order breaks on a later page is read anew, with shared rows', async () => {
  const { api, sync, stored, at } = setUp('newest created first');
  api.put(...range(50).map((id) => fetched(id, at(id))));
  api.onPage(({ skip }) => {
    if (skip === 40) api.troubles.push((page) => ({ ...page, rows: page.rows.toReversed() }));
  });
  await sync();
  expect(api.queries.map(({ skip }) => skip)).toEqual([0, 20, 40, 0, 19, 38]);
  expect(stored()).toHaveLength(50);
});

test('a page that begins with newer rows than the last one ended with is not its next one', async () => {
  const { api, sync, at } = setUp('newest created first');
  api.put(...range(50).map((id) => fetched(id, at(id))));
  api.onPage(({ skip }) => {
    if (skip === 20) api.put(...range(30).map((id) => fetched(100 + id, at(0))));
  });
  await sync();
  expect(api.queries.map(({ skip }) => skip).slice(0, 3)).toEqual([0, 20, 0]);
});

test('rows that were pushed back come twice, and the walk goes on', async () => {
  const { api, sync, stored, at } = setUp('newest created first');
  api.put(...range(50).map((id) => fetched(id, at(id))));
  api.onPage(({ skip }) => {
    if (skip === 20) api.put(...range(5).map((id) => fetched(100 + id, at(0))));
  });
  await sync();
  expect(api.queries.map(({ skip }) => skip)).toEqual([0, 20, 40]);
  expect(stored()).toHaveLength(50);
});

test('an API that refuses to begin below an instant has its window halved', async () => {
  const { api, drain, stored, at } = setUp('newest created first', { ceiling: 30 });
  api.put(...range(70).map((id) => fetched(id, at(id))));
  api.onPage(({ below }) => {
    if (below) api.troubles.push('refused');
  });
  await drain();
  expect(api.queries[4]).toMatchObject({ skip: 0, below: undefined, to: expect.any(String) });
  expect(stored()).toHaveLength(70);
});

test('more rows of one instant than $skip reaches do not go round in circles', async () => {
  const { api, drain, stored, at } = setUp('newest created first', { ceiling: 30 });
  const createdAt = at(90);
  api.put(...range(70).map((id) => fetched(id, at(id), { createdAt })));
  await drain();
  expect(api.queries.length).toBeLessThan(60);
  expect(stored()).toHaveLength(70);
});

test('a row that was read and moved to where the next page begins does not vouch for the others', async () => {
  const { api, sync, stored, at } = setUp('oldest updated first', { pageSize: 3 });
  api.put(...range(4).map((id) => fetched(id, at(100 - id))));
  api.onPage(({ skip }) => {
    for (const id of skip > 0 && api.queries.length === 2 ? [1, 2] : []) api.touch(id, at(0));
  });
  await sync();
  expect(stored()).toEqual([4, 3, 2, 1]);
});

test('rows that were created at one instant may change places there, and none is lost', async () => {
  const order = (a: FetchedIncident, b: FetchedIncident) =>
    ORDERS['newest created first'](a, b) || ORDERS['oldest updated first'](a, b);
  const { api, sync, stored, at } = setUpSync({ pageSize: 20, order });
  const toCreated = (id: number) => at(500 + (id > 17 && id < 25 ? 18 : id));
  api.put(...range(30).map((id) => fetched(id, at(200 - id), { createdAt: toCreated(id) })));
  api.touch(2, at(300));
  api.onPage(({ skip }) => {
    if (skip === 20) api.touch(20, at(0));
  });
  await sync();
  expect(api.queries.map(({ skip }) => skip).slice(0, 3)).toEqual([0, 20, 0]);
  expect(stored()).toHaveLength(30);
});

test('a list whose order may be either goes on below what holds for both', async () => {
  const { api, drain, stored, at } = setUp('newest updated first', { pageSize: 100 });
  api.put(...range(1500).map((id) => fetched(id, at(id))));
  api.put(fetched(600, at(600), { createdAt: at(1400) }));
  await drain();
  expect(api.queries[6]).toMatchObject({ skip: 0, below: { by: 'created', at: at(600) } });
  expect(api.queries).toHaveLength(16);
  expect(stored()).toHaveLength(1500);
});

test('an order is believed only of twenty rows whose times can be read', async () => {
  const { api, sync, at } = setUp('newest created first');
  api.put(...range(30).map((id) => fetched(id, at(id))));
  api.troubles.push((page) => ({
    ...page,
    rows: page.rows.map((row, index) => (index === 0 ? { id: row.id } : row)),
  }));
  await sync();
  expect(api.queries.map(({ skip }) => skip)).toEqual([0, 19]);
});

test("a busy tenant's list is read to its end, in calls near to its pages", async () => {
  const { api, drain, state, clock, at } = setUp('oldest updated first');
  api.put(...range(800).map((id) => fetched(id, at(id * 3))));
  api.onPage(() => {
    clock.pass(SECOND);
    if (api.queries.length % 5 === 0) api.touch(((api.queries.length * 7919) % 800) + 1, at(0));
  });
  await drain();
  expect((await state())?.coverage).toBeDefined();
  expect(api.queries.length).toBeLessThan(4 * 40);
});

/** Histories for each list; more find more. */
const RUNS = runs(7);

const listVersions = (incidents: readonly Incident[]) =>
  incidents.map(({ incidentId, lastUpdateAt }) => `${incidentId} ${lastUpdateAt}`).sort();

/**
 * What happens upstream before a page is read: incidents that are updated, many at once, and new
 * ones, listed late.
 */
const happening = fc.record({
  updates: fc.array(fc.nat(200), { maxLength: 3 }),
  bulk: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 130 })),
  news: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 25 })),
  late: fc.integer({ min: 0, max: 9 }),
});

const CALM = { updates: [], bulk: 0, news: 0, late: 0 };

test.each(orderNames.flatMap((order) => [Infinity, 30, 70].map((ceiling) => ({ order, ceiling }))))(
  'nothing is lost of a list with the $order that changes while it is read, where skipping ends at $ceiling',
  async ({ order, ceiling }) => {
    const count = fc.integer({ min: 15, max: 130 });
    const histories = fc.array(happening, { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(count, histories, async (size, history) => {
        const { api, clock, drain, incidents, at } = setUp(order, { ceiling });
        api.put(
          // Nothing is updated before it is created.
          ...range(size).map((id) =>
            fetched(id, at((id * 31) % 97), { createdAt: at(97 + (id >> 2)) }),
          ),
        );
        let next = size;
        let left = history;
        api.onPage(() => {
          const [{ updates, bulk, news, late } = CALM, ...later] = left;
          left = later;
          clock.pass(SECOND);
          for (const which of updates) api.touch((which % size) + 1, at(0));
          for (const id of range(bulk)) api.touch(id, shift(at(0), id));
          api.put(...range(news).map(() => fetched(++next, at(late))));
        });
        await drain();
        left = [];
        for (const _ of range(3)) {
          clock.pass(10 * MINUTE);
          await drain();
        }
        expect(listVersions(incidents.listOf(TENANT))).toEqual(listVersions(api.all()));
      }),
      { numRuns: RUNS },
    );
  },
);
