import { expect, test } from 'vitest';
import { BrokerError } from '../../../../shared/errors.ts';
import { shift, toInstant } from '../../../../shared/incidents/instant.ts';
import { noteFailed } from '../../../../shared/incidents/sync/coverage.ts';
import { planWalk } from '../../../../shared/incidents/sync/plan-walk.ts';
import { restart, toNextWindow } from '../../../../shared/incidents/walk/windows.ts';
import { HOUR, MINUTE } from '../../../support/clock.ts';
import { TENANT } from '../../../support/tokens.ts';
import { fetched, setUpSync, toRow } from '../set-up.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const plan = { source: 'graph', skipped: [], pageSize: 50, backfillMs: HOUR, now: NOW } as const;
const coverage = {
  source: 'graph',
  completeFrom: toInstant(0),
  completeUpTo: toInstant(NOW - 5 * MINUTE),
  reconciledAt: NOW - HOUR,
} as const;

test('another source reads a day more than was reconciled', () => {
  const other = planWalk({ ...plan, coverage: { ...coverage, source: 'defender-xdr' } });
  expect(other).toMatchObject({ kind: 'reconciliation', from: toInstant(NOW - 25 * HOUR) });
  expect(planWalk({ ...plan, coverage })).toMatchObject({ kind: 'changes' });
});

test('a walk from its beginning forgets where it was, and no order is believed again', () => {
  const walk = planWalk({ ...plan, coverage });
  const there = {
    ...walk,
    state: 'linked',
    skip: 49,
    link: 'x',
    previousPage: ['1'],
    links: 3,
  } as const;
  expect(restart(there)).toEqual({ ...walk, state: 'unordered', previousPage: [], overlapRows: 0 });
});

test('windows end where the walk began, however much is updated meanwhile', () => {
  const walk = planWalk({ ...plan, coverage });
  const next = { ...restart(walk), from: toInstant(NOW - MINUTE), to: toInstant(NOW) };
  expect(toNextWindow({ ...next, to: toInstant(NOW - 30_000) })).toMatchObject({
    next: { from: toInstant(NOW - 30_000), to: toInstant(NOW) },
  });
  expect(toNextWindow(next)).toEqual({ done: true });
});

test('a window of several pages is followed by one of its width, of one page by a wider one', () => {
  const walk = { ...planWalk({ ...plan, coverage }), from: toInstant(NOW - HOUR) };
  const bounded = { ...walk, to: shift(walk.from, MINUTE) };
  expect(toNextWindow(bounded)).toMatchObject({ next: { to: shift(walk.from, 3 * MINUTE) } });
  const long = { ...bounded, skip: 49 };
  expect(toNextWindow(long)).toMatchObject({ next: { to: shift(walk.from, 2 * MINUTE) } });
});

test('windows that failed are noted once for each problem', () => {
  const walk = planWalk({ ...plan, coverage });
  const failure = { problem: 'throttled', count: 1, since: 1, at: 1, retryAt: 2 } as const;
  const failed = noteFailed(noteFailed([], walk, failure), walk, { ...failure, at: 2 });
  expect(failed).toEqual([{ kind: 'changes', from: walk.begin, problem: 'throttled', at: 2 }]);
});

test('incidents less than a minute apart are told apart by windows', async () => {
  const { api, drain, stored, at, state } = setUpSync({ ceiling: 4 });
  api.put(...range(20).map((id) => fetched(id, shift(at(30), id * 500))));
  await drain();
  expect(stored()).toHaveLength(20);
  expect((await state())?.skipped).toEqual([]);
});

test('what follows an instant that is not told whole is read', async () => {
  const { api, drain, stored, at } = setUpSync({ ceiling: 4 });
  api.put(...range(20).map((id) => fetched(id, at(30))), fetched(99, shift(at(30), 5)));
  await drain();
  expect(stored()).toContain(99);
});

test('an incident that is too large by itself is set aside, and the others are read', async () => {
  const { api, drain, stored, at, state } = setUpSync();
  api.put(...range(4).map((id) => fetched(id, at(id))));
  api.spoil('too_large', 2);
  await drain();
  expect(stored()).toEqual([4, 3, 1]);
  expect((await state())?.skipped).toMatchObject([{ reason: 'too_large' }]);
});

test('an incident that is too large on a later page is set aside, and its window stays whole', async () => {
  const { api, sync, stored, at } = setUpSync({ pageSize: 8 });
  api.put(...range(20).map((id) => fetched(id, at(id))));
  api.spoil('too_large', 9);
  await sync();
  expect(stored()).toEqual(
    range(20)
      .filter((id) => id !== 9)
      .reverse(),
  );
  expect(api.queries.every(({ to }) => to === undefined)).toBe(true);
});

test('a link to a page that is too large leads to smaller windows', async () => {
  const { api, sync, state, at } = setUpSync();
  api.put(fetched(1, at(5)));
  api.troubles.push((page) => ({ ...page, nextLink: 'https://api/more' }), 'too_large');
  await sync();
  expect(api.queries[2]).toMatchObject({ to: expect.any(String), link: undefined, top: 3 });
  expect(await state()).toMatchObject({ failure: undefined });
});

test('a later page that is too large is read in smaller ones, which grow again', async () => {
  const { api, sync, stored, at } = setUpSync({ pageSize: 8 });
  api.put(...range(20).map((id) => fetched(id, at(id))));
  api.onPage(({ skip, top }) => {
    if (skip === 7 && top === 8) api.troubles.push('too_large');
  });
  await sync();
  const asked = api.queries.map(({ skip, top }) => [skip, top]);
  expect(asked).toEqual([0, 7, 7, 8, 11, 18].map((skip, at) => [skip, [8, 8, 2, 4, 8, 8][at]]));
  expect(stored()).toHaveLength(20);
});

test('a walk that failed on its way goes on there, and one that did not begin is planned anew', async () => {
  const { api, sync, state, at, clock } = setUpSync();
  api.put(...range(7).map((id) => fetched(id, at(id))));
  api.troubles.push('unavailable');
  await sync();
  expect((await state())?.walk).toBeUndefined();
  clock.pass(MINUTE);
  api.onPage(({ skip }) => {
    if (skip === 2) api.troubles.push('unavailable');
  });
  await sync();
  expect((await state())?.walk).toMatchObject({ skip: 2 });
});

test('a halved window that failed goes on where it was', async () => {
  const { api, drain, state, at } = setUpSync({ ceiling: 4 });
  api.put(...range(40).map((id) => fetched(id, at(10 + id * 700))));
  api.onPage(({ to, skip }) => {
    if (to !== undefined && skip === 0) api.troubles.push('unavailable');
  });
  await drain();
  expect((await state())?.walk).toMatchObject({ to: expect.any(String) });
});

test('rows that leave the list until a page is empty have it read anew', async () => {
  const { api, sync, stored, at } = setUpSync();
  api.put(...range(4).map((id) => fetched(id, at(id))));
  api.onPage(({ skip }) => {
    if (skip > 0) api.takeAway(1, 2);
  });
  await sync();
  expect(stored()).toContain(4);
});

test('a link after counted pages needs no row of the page before', async () => {
  const { api, sync, stored, at } = setUpSync();
  api.put(...range(4).map((id) => fetched(id, at(id))));
  const more = [fetched(7, at(9)), fetched(8, at(9)), fetched(9, at(9))];
  api.onPage(({ skip, link }) => {
    if (link) api.troubles.push((page) => ({ ...page, incidents: more, rows: more.map(toRow) }));
    else if (skip > 0) api.troubles.push((page) => ({ ...page, nextLink: 'https://api/more' }));
  });
  await sync();
  expect(api.queries).toHaveLength(3);
  expect(stored()).toEqual([9, 8, 7, 4, 3, 2, 1]);
});

test('links without end, each to something new, are given up for smaller windows', async () => {
  const { api, drain, at } = setUpSync();
  api.put(fetched(1, at(5)));
  let id = 100;
  api.onPage(({ to }) => {
    if (to !== undefined || id > 170) return;
    id++;
    const nextLink = `https://api/${id}`;
    api.troubles.push((page) => ({ ...page, nextLink, rows: [{ id: String(id) }] }));
  });
  await drain();
  expect(api.queries.findIndex(({ to }) => to !== undefined)).toBe(51);
});

test('an ordered list whose links never end is given up for smaller windows, too', async () => {
  const { api, drain, at } = setUpSync({ pageSize: 50 });
  api.put(...range(25).map((id) => fetched(id, at(id))));
  api.onPage(({ to, link }) => {
    if (to !== undefined) return;
    const nextLink = `https://api/${api.queries.length}`;
    const rows = [{ id: String(api.queries.length + 100) }];
    api.troubles.push((page) => ({ ...page, nextLink, ...(link && { rows }) }));
  });
  await drain();
  expect(api.queries.some(({ below }) => below !== undefined)).toBe(false);
});

test('an empty page whose link leads on is not the last', async () => {
  const { api, sync, stored, at } = setUpSync();
  const later = fetched(8, at(3));
  api.put(fetched(1, at(1)));
  api.troubles.push((page) => ({ ...page, nextLink: 'https://api/2' }));
  api.troubles.push((page) => ({ ...page, incidents: [], rows: [], nextLink: 'https://api/3' }));
  api.troubles.push((page) => ({ ...page, incidents: [later], rows: [toRow(later)] }));
  await sync();
  expect(stored()).toEqual([8, 1]);
});

test('links that lead in a circle through an empty page end where they bring nothing new', async () => {
  const { api, sync, at } = setUpSync();
  api.put(fetched(1, at(1)));
  const empty = { incidents: [], rows: [], nextLink: 'https://api/1' };
  api.onPage(({ link }) => {
    const isEven = link?.endsWith('2');
    api.troubles.push((page) => ({ ...page, nextLink: 'https://api/2', ...(isEven && empty) }));
  });
  await sync();
  expect(api.queries).toHaveLength(3);
});

test('however many incidents are too large, those between them are read', async () => {
  const { api, drain, stored, at } = setUpSync({ pageSize: 8 });
  api.put(...range(50).map((id) => fetched(id, at(id))));
  const even = range(25).map((id) => 2 * id);
  api.spoil('too_large', ...even);
  await drain();
  expect(stored()).toHaveLength(25);
});

test('an empty page that leads to itself is the last', async () => {
  const { api, sync, state } = setUpSync();
  api.onPage(() => {
    api.troubles.push((page) => ({ ...page, nextLink: 'https://api/again' }));
  });
  await sync();
  expect(api.queries).toHaveLength(2);
  expect((await state())?.coverage).toBeDefined();
});

test('a link that is refused leads to smaller windows, a list that is refused to waiting', async () => {
  const { api, sync, state, at } = setUpSync();
  api.put(fetched(1, at(5)));
  api.troubles.push((page) => ({ ...page, nextLink: 'https://api/more' }), 'refused');
  await sync();
  expect(api.queries[2]).toMatchObject({ to: expect.any(String), link: undefined });
  const other = setUpSync();
  other.api.troubles.push('refused');
  await other.sync();
  expect(other.api.queries).toHaveLength(1);
  expect(await other.state()).toMatchObject({ failure: { problem: 'refused' } });
  expect(await state()).toMatchObject({ failure: undefined });
});

test('a tenant without a token waits as long as Entra says', async () => {
  const { api, sync, state, clock } = setUpSync();
  api.onPage(() => {
    throw new BrokerError('temporarily_unavailable', 'Entra throttles.', {
      owner: 'microsoft',
      remedy: 'Wait.',
      retryAfterSeconds: 600,
    });
  });
  await sync();
  expect(await state()).toMatchObject({
    dueAt: clock.now() + 10 * MINUTE,
    failure: { problem: 'no_token' },
  });
});

test('an incident > 5 MB: it is kept without its JSON, which its remark says', async () => {
  const { api, sync, state, stored, at } = setUpSync();
  api.put({ ...fetched(1, at(5)), raw: `"${'x'.repeat(5 * 1024 * 1024)}"` });
  await sync();
  expect(stored()).toEqual([1]);
  expect((await state())?.skipped).toMatchObject([{ incidentId: '1', reason: 'raw_left_out' }]);
});

test('merges of merges are followed, five deep, and a circle ends', async () => {
  const { api, sync, stored, at, state } = setUpSync();
  const merged = (id: number, into: number) =>
    fetched(id, at(60 * 24 * 40), { redirectIncidentId: String(into) });
  api.put(fetched(1, at(5), { redirectIncidentId: '11' }));
  api.put(fetched(2, at(5), { redirectIncidentId: '21' }));
  api.putAway(merged(11, 12), merged(12, 11));
  api.putAway(...range(9).map((step) => merged(20 + step, 21 + step)));
  await sync();
  expect(stored()).toEqual([25, 24, 23, 22, 21, 12, 11, 2, 1]);
  expect((await state())?.calls).toMatchObject([[expect.any(Number), 8]]);
});

test("a row of the list can't be read: it is skipped with its reason, and the rest goes on", async () => {
  const { api, sync, stored, at, state } = setUpSync();
  api.put(fetched(1, at(5)));
  const skipped = [{ incidentId: '2', reason: 'malformed' }] as const;
  api.troubles.push((page) => ({ ...page, skipped, rows: [...page.rows, { id: '2' }] }));
  await sync();
  expect(stored()).toEqual([1]);
  expect(await state()).toMatchObject({ failure: undefined, skipped });
});

test('where a walk is stands in storage with each page', async () => {
  const { api, sync, state, at } = setUpSync();
  api.put(...range(7).map((id) => fetched(id, at(id))));
  const seen: (number | undefined)[] = [];
  api.onPage(async () => {
    seen.push((await state())?.walk?.skip);
  });
  await sync();
  expect(seen).toEqual([undefined, 2, 4, 6]);
});

test("a walk that waits is given up when the tenant's source is switched", async () => {
  const { api, sync, states, state, at, clock } = setUpSync();
  api.put(...range(7).map((id) => fetched(id, at(id))));
  api.onPage(({ skip }) => {
    if (skip === 2 && api.queries.length < 3) api.troubles.push('unavailable');
  });
  await sync();
  const before = await states.find(TENANT);
  if (before) await states.replace(before, { ...before.value, source: 'graph' });
  clock.pass(MINUTE);
  await sync();
  expect(api.queries[2]).toMatchObject({ skip: 0 });
  expect((await state())?.coverage).toMatchObject({ source: 'graph' });
});
