import { expect, test } from 'vitest';
import { SourceError } from '../../../../shared/incidents/incident-source.ts';
import { shift, toInstant } from '../../../../shared/incidents/instant.ts';
import { createSyncState, type SyncState } from '../../../../shared/incidents/sync/sync-state.ts';
import { startWalk } from '../../../../shared/incidents/walk/walk.ts';
import { MINUTE } from '../../../support/clock.ts';
import { TENANT } from '../../../support/tokens.ts';
import { fetched, setUpSync, toRow } from '../set-up.ts';

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const PLAN = {
  kind: 'changes',
  source: 'defender-xdr',
  from: toInstant(0),
  pageSize: 3,
} as const;
const COVERAGE = {
  source: 'defender-xdr',
  completeFrom: toInstant(0),
  completeUpTo: toInstant(0),
  reconciledAt: undefined,
} as const;

test('the first sync reads thirty days back and says up to when it is complete', async () => {
  const { api, sync, state, stored, clock, at } = setUpSync();
  api.put(fetched(1, at(60)), fetched(2, at(29 * 24 * 60)));
  await sync();
  expect(stored()).toEqual([2, 1]);
  expect(api.queries[0]).toMatchObject({ from: at(30 * 24 * 60), to: undefined, skip: 0, top: 3 });
  expect((await state())?.coverage).toMatchObject({
    completeFrom: at(30 * 24 * 60),
    completeUpTo: at(2),
    reconciledAt: clock.now(),
  });
});

test('an unchanged tenant costs one call and no write of incidents', async () => {
  const { api, sync, incidents, changes, clock, at } = setUpSync();
  api.put(fetched(1, at(1)));
  await sync();
  clock.pass(8 * MINUTE);
  await sync();
  expect(api.queries).toHaveLength(2);
  expect(api.queries[1]?.from).toBe(at(8 + 2 + 10));
  expect([incidents.writes(), changes.length]).toEqual([1, 1]);
});

test.each([1, 2, 3, 4, 6, 7, 12, 30])(
  '%i changed incidents at three a page cost a call a page and one more',
  async (count) => {
    const { api, sync, stored, at } = setUpSync({ pageSize: 100 });
    api.put(...range(count * 33).map((id) => fetched(id, at(id))));
    await sync();
    expect(stored()).toHaveLength(count * 33);
    expect(api.queries.length).toBeLessThanOrEqual(Math.ceil((count * 33) / 100) + 1);
  },
);

test('a tenant that is not due, or that somebody else syncs, is left alone', async () => {
  const { api, sync, clock, states, state } = setUpSync();
  await sync();
  await sync();
  expect(api.queries).toHaveLength(1);
  clock.pass(10 * MINUTE);
  const stored = await states.find(TENANT);
  const held = { owner: 'another', until: clock.now() + MINUTE };
  if (stored) await states.replace(stored, { ...stored.value, lease: held });
  await sync();
  expect(api.queries).toHaveLength(1);
  expect((await state())?.lease).toEqual(held);
});

test('the list of incidents moves while it is read: what slipped through is read all the same', async () => {
  const { api, sync, stored, at, clock } = setUpSync({
    order: (a, b) => (a.incident.lastUpdateAt < b.incident.lastUpdateAt ? -1 : 1),
  });
  api.put(...range(8).map((id) => fetched(id, at(100 - id))));
  api.onPage(({ skip }) => {
    if (skip > 0) api.put(fetched(1, toInstant(clock.now())), fetched(2, toInstant(clock.now())));
  });
  await sync();
  expect(stored()).toHaveLength(8);
});

test('where $skip ends the window is halved, and nothing is lost', async () => {
  const { api, drain, stored, at, state } = setUpSync({ ceiling: 4 });
  api.put(...range(40).map((id) => fetched(id, at(10 + id * 7))));
  const completeUpTo = at(2);
  await drain();
  expect(stored()).toHaveLength(40);
  expect((await state())?.coverage).toMatchObject({ completeUpTo });
});

test('many that share one instant are read to the end', async () => {
  const { api, sync, stored, at } = setUpSync();
  const instant = at(30);
  api.put(...range(20).map((id) => fetched(id, instant)));
  await sync();
  expect(stored()).toHaveLength(20);
});

test('more at one instant than can be reached is skipped, and the rest goes on', async () => {
  const { api, drain, stored, at, state } = setUpSync({ ceiling: 4 });
  const instant = at(30);
  api.put(...range(20).map((id) => fetched(id, instant)), fetched(99, at(5)));
  await drain();
  expect(stored()).toContain(99);
  expect((await state())?.skipped).toMatchObject([{ reason: 'unreachable' }]);
});

test.each(['throttled', 'unavailable', 'malformed', 'unauthorized', 'forbidden'] as const)(
  'a list that is %s moves only this tenant, and nothing is called complete',
  async (problem) => {
    const { api, sync, state, clock } = setUpSync();
    api.troubles.push(problem);
    await sync();
    const { coverage, failure, failed, dueAt, lease } = (await state()) ?? {};
    expect([coverage, lease]).toEqual([undefined, undefined]);
    expect(failure).toMatchObject({ problem, count: 1, retryAt: dueAt });
    expect(failed).toMatchObject([{ kind: 'backfill', problem }]);
    expect(dueAt).toBeGreaterThan(clock.now());
  },
);

test("the API's own word on when to come back is kept", async () => {
  const { api, sync, state, clock } = setUpSync();
  api.troubles.push(new SourceError('throttled', { retryAfterMs: 40 * MINUTE }));
  await sync();
  expect((await state())?.dueAt).toBe(clock.now() + 40 * MINUTE);
});

test('the list of incidents fails, or comes in part (206): nothing is called complete', async () => {
  const { api, sync, state, stored, at } = setUpSync();
  api.put(fetched(1, at(60)));
  api.troubles.push((page) => ({ ...page, isPartial: true }));
  await sync();
  expect(stored()).toEqual([1]);
  expect(await state()).toMatchObject({ coverage: undefined, failure: { problem: 'partial' } });
});

test('the watermark stands while a later run fails, and the window is read again', async () => {
  const { api, sync, state, clock, at, stored } = setUpSync();
  await sync();
  const before = (await state())?.coverage;
  clock.pass(10 * MINUTE);
  api.put(fetched(1, at(9)));
  api.troubles.push('unavailable');
  await sync();
  expect((await state())?.coverage).toEqual(before);
  clock.pass(MINUTE);
  await sync();
  expect(stored()).toEqual([1]);
  expect(await state()).toMatchObject({ failure: undefined, failed: [] });
});

test('a backfill of more pages than a minute allows goes on in another message', async () => {
  const { api, sync, messages, clock, stored, state, at } = setUpSync({ pageSize: 2 });
  api.put(...range(80).map((id) => fetched(id, at(id))));
  await sync();
  expect(api.queries).toHaveLength(50);
  expect((await state())?.coverage).toBeUndefined();
  expect(messages).toMatchObject([{ tenantId: TENANT }]);
  expect((await state())?.dueAt).toBe(clock.now() + (messages[0]?.delayMs ?? 0));
  clock.pass(messages[0]?.delayMs ?? 0);
  await sync();
  expect(stored()).toHaveLength(80);
  expect(api.queries.length).toBeLessThan(85);
});

test('an incident is indexed late: a day later the daily reconciliation finds it', async () => {
  const { api, sync, clock, stored, at, state } = setUpSync();
  await sync();
  clock.pass(20 * 60 * MINUTE);
  await sync();
  api.put(fetched(1, at(19 * 60)));
  clock.pass(MINUTE * 10);
  await sync();
  expect(stored()).toEqual([]);
  clock.pass(4 * 60 * MINUTE);
  await sync();
  expect(stored()).toEqual([1]);
  expect((await state())?.coverage?.reconciledAt).toBe(clock.now());
});

test('an incident was merged: the one that is not listed comes along', async () => {
  const { api, sync, stored, at, changes } = setUpSync();
  api.put(fetched(7, at(60 * 24 * 40)));
  api.put(fetched(1, at(5), { redirectIncidentId: '7', status: 'redirected' }));
  await sync();
  expect(stored()).toEqual([7, 1]);
  expect(changes.map(({ kind }) => kind)).toEqual(['merged', 'created']);
});

test('a merge into an incident that does not exist is skipped', async () => {
  const { api, sync, stored, at, state } = setUpSync();
  api.put(fetched(1, at(5), { redirectIncidentId: '7', status: 'redirected' }));
  await sync();
  expect(stored()).toEqual([1]);
  expect((await state())?.skipped).toMatchObject([{ incidentId: '7', reason: 'redirect_missing' }]);
});

test('killed before the feed, what an incident was merged into is announced by the next run', async () => {
  const { api, sync, at, changes, clock, parts, killFeed } = setUpSync();
  api.put(fetched(7, at(60 * 24 * 40)));
  api.put(fetched(1, at(5), { redirectIncidentId: '7', status: 'redirected' }));
  const write = killFeed();
  await expect(sync()).rejects.toThrow('killed');
  Object.assign(parts, { write });
  clock.pass(MINUTE);
  await sync();
  expect(changes.map(({ incident }) => incident.incidentId)).toEqual(['1', '7']);
});

test.each(['too_large', 'malformed', 'refused'] as const)(
  'a merge into an incident that is %s is skipped, and the rest goes on',
  async (problem) => {
    const { api, sync, stored, at, state } = setUpSync();
    api.put(
      fetched(1, at(5), { redirectIncidentId: '7', status: 'redirected' }),
      fetched(2, at(5)),
    );
    api.onGet(() => new SourceError(problem));
    await sync();
    expect(stored()).toEqual([2, 1]);
    expect(await state()).toMatchObject({
      failure: undefined,
      skipped: [{ incidentId: '7', reason: problem === 'refused' ? 'malformed' : problem }],
    });
  },
);

test('merges into more than the quota lets be asked for are followed bit by bit', async () => {
  const { api, sync, stored, at, state, clock } = setUpSync({ pageSize: 100 });
  const merged = range(40).map((id) => fetched(id, at(5), { redirectIncidentId: `${1000 + id}` }));
  api.putAway(...range(40).map((id) => fetched(1000 + id, at(60 * 24 * 40))));
  api.put(...merged);
  let left = 30;
  api.onGet(() => (left-- > 0 ? undefined : new SourceError('throttled')));
  await sync();
  expect(await state()).toMatchObject({ coverage: undefined, failure: { problem: 'throttled' } });
  expect((await state())?.calls).toMatchObject([[expect.any(Number), 33]]);
  clock.pass(2 * MINUTE);
  left = 30;
  await sync();
  expect(stored()).toHaveLength(80);
  expect((await state())?.failure).toBeUndefined();
});

test("a tenant's source is switched: it begins where the first was complete, and doubles nothing", async () => {
  const { api, sync, states, state, clock, at, changes, parts } = setUpSync();
  api.put(fetched(1, at(1)));
  await sync();
  const stored = await states.find(TENANT);
  if (stored) await states.replace(stored, { ...stored.value, source: 'graph' });
  const { incident } = fetched(1, at(1), { source: 'graph', alertCount: undefined });
  const graph = { ...api.source, name: 'graph' as const };
  Object.assign(parts.sources, { graph });
  api.put({ incident, raw: '{"of":"graph"}' });
  clock.pass(10 * MINUTE);
  await sync();
  expect(changes).toHaveLength(1);
  expect((await state())?.coverage).toMatchObject({ source: 'graph', completeUpTo: at(2) });
});

test('a holder that lost its lease writes no state and stops', async () => {
  const { api, sync, states, state, at } = setUpSync();
  api.put(...range(9).map((id) => fetched(id, at(id))));
  api.onPage(async ({ skip }) => {
    const stored = await states.find(TENANT);
    if (skip === 0 && stored) {
      const lease = { owner: 'another', until: Number.MAX_SAFE_INTEGER };
      await states.replace(stored, { ...stored.value, fence: stored.value.fence + 1, lease });
    }
  });
  await sync();
  expect(api.queries).toHaveLength(1);
  expect(await state()).toMatchObject({ lease: { owner: 'another' }, coverage: undefined });
});

test('a page that is too large is read in smaller ones, which grow again', async () => {
  const { api, sync, stored, at } = setUpSync({ pageSize: 100 });
  api.put(...range(60).map((id) => fetched(id, at(id))));
  api.troubles.push('too_large');
  await sync();
  expect(stored()).toHaveLength(60);
  expect(api.queries.map(({ top, skip }) => [top, skip]).slice(0, 3)).toEqual([
    [100, 0],
    [25, 0],
    [50, 25],
  ]);
});

test('links that never end end where they bring nothing new', async () => {
  const { api, drain, stored, at } = setUpSync();
  api.put(...range(5).map((id) => fetched(id, at(id))));
  api.onPage(() => {
    api.troubles.push((page) => ({ ...page, nextLink: 'https://api/again' }));
  });
  await drain();
  expect(stored()).toHaveLength(5);
  expect(api.queries.length).toBeLessThan(5);
});

test('a short page that is not the last is followed by its link', async () => {
  const { api, sync, stored, at } = setUpSync();
  api.put(...range(2).map((id) => fetched(id, at(id))));
  const more = [fetched(8, at(3)), fetched(9, at(3))];
  api.troubles.push((page) => ({ ...page, nextLink: 'https://api/more' }));
  api.troubles.push((page) => ({ ...page, incidents: more, rows: more.map(toRow) }));
  await sync();
  expect(api.queries.map(({ link }) => link)).toEqual([undefined, 'https://api/more']);
  expect(stored()).toEqual([9, 8, 2, 1]);
});

test('an API that pays no heed to $skip is read in smaller windows', async () => {
  const { api, drain, stored, at } = setUpSync({ heedsSkip: false });
  api.put(...range(20).map((id) => fetched(id, at(id * 60))));
  await drain();
  expect(stored()).toHaveLength(20);
});

test('an instant that an API without $skip never tells whole is skipped', async () => {
  const { api, drain, stored, at, state } = setUpSync({ heedsSkip: false });
  const instant = at(30);
  api.put(...range(5).map((id) => fetched(id, instant)), fetched(99, at(5)));
  await drain();
  expect(stored()).toContain(99);
  expect((await state())?.skipped).toMatchObject([{ reason: 'unreachable' }]);
});

test('the same instant of another fraction is another instant', async () => {
  const { api, sync, clock, changes, at } = setUpSync();
  api.put(fetched(1, at(1)));
  await sync();
  clock.pass(5 * MINUTE);
  api.put(fetched(1, shift(at(6), 0.5)));
  await sync();
  expect(changes.length).toBeGreaterThan(0);
});

test('a link to somewhere else is skipped, and rows are counted', async () => {
  const { api, drain, stored, at, state } = setUpSync();
  api.put(...range(8).map((id) => fetched(id, at(id))));
  const foreign = [{ incidentId: undefined, reason: 'foreign_link' }] as const;
  api.troubles.push((page) => ({ ...page, skipped: foreign }));
  await drain();
  expect(stored()).toHaveLength(8);
  expect((await state())?.skipped).toMatchObject(foreign);
});

test('a process whose clock was days ahead leaves no gap and no silence behind', async () => {
  const { api, sync, clock, stored, at, state } = setUpSync();
  const ahead = 3 * 24 * 60 * MINUTE;
  clock.pass(ahead);
  await sync();
  clock.pass(-ahead);
  api.put(fetched(1, at(1)));
  await sync();
  expect(stored()).toEqual([1]);
  expect((await state())?.coverage?.completeUpTo).toBe(at(2));
});

test.each<[string, (now: number) => Partial<SyncState>]>([
  ['calls', (now) => ({ calls: [[Math.floor(now / 10_000) + 1e6, 1e9]] })],
  ['a walk', (now) => ({ walk: { ...startWalk({ ...PLAN, startedAt: now + 9e9 }), skip: 100 } })],
  [
    'what is complete',
    (now) => ({ coverage: { ...COVERAGE, completeUpTo: toInstant(now + 9e9) } }),
  ],
  ['a turn', (now) => ({ dueAt: now + 9e9 })],
  ['a lease', (now) => ({ lease: { owner: 'o', until: now + 9e9 } })],
])('a stored sync state is damaged: %s of a time to come stops no tenant', async (_, change) => {
  const { api, drain, clock, stored, at, state, states } = setUpSync();
  api.put(fetched(1, at(1)));
  const damaged = { ...createSyncState(TENANT), ...change(clock.now()) };
  await states.insert(damaged);
  await drain();
  expect(stored()).toEqual([1]);
  expect((await state())?.coverage?.completeUpTo).toBe(at(2));
});

test('a reconciliation that was noted for a time to come is made up for', async () => {
  const { api, sync, clock, at, states } = setUpSync();
  const coverage = { ...COVERAGE, completeUpTo: at(5), reconciledAt: clock.now() + 9e9 };
  await states.insert({ ...createSyncState(TENANT), coverage });
  await sync();
  expect(api.queries[0]?.from).toBe(at(2 * 24 * 60));
});

test('an API whose every page is too large, and that pays no heed to $skip, is left alone in the end', async () => {
  const { api, drain, state } = setUpSync();
  api.onPage(() => {
    api.troubles.push('too_large');
  });
  await drain();
  expect(api.queries.length).toBeLessThan(200);
  expect((await state())?.failure).toMatchObject({ problem: 'too_large' });
});
