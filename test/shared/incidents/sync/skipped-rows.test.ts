import { expect, test } from 'vitest';
import type { SkippedRow } from '../../../../shared/incidents/incident-source.ts';
import { SourceError } from '../../../../shared/incidents/incident-source.ts';
import { HOUR, MINUTE } from '../../../support/clock.ts';
import { fetched, setUpSync } from '../set-up.ts';

const MALFORMED = { incidentId: '2', reason: 'malformed' } as const;

/** A sync whose first page had rows that could not be read. */
async function setUpSkipped(...skipped: readonly SkippedRow[]) {
  const environment = setUpSync();
  environment.api.put(fetched(1, environment.at(5)));
  const rows = skipped.map(({ incidentId = '' }) => ({ id: incidentId }));
  environment.api.troubles.push((page) => ({ ...page, skipped, rows: [...page.rows, ...rows] }));
  await environment.sync();
  return environment;
}

test('what was skipped is fetched by its id until it can be read, and then stored', async () => {
  const { api, clock, sync, stored, state, at } = await setUpSkipped(MALFORMED);
  let asked = 0;
  api.onGet(() => (++asked === 1 ? new SourceError('malformed') : undefined));
  api.putAway(fetched(2, at(5)));
  clock.pass(6 * MINUTE);
  await sync();
  expect([stored(), await state()]).toMatchObject([[1], { skipped: [{ tries: 1 }] }]);
  clock.pass(11 * MINUTE);
  await sync();
  expect([stored(), (await state())?.skipped]).toEqual([[2, 1], []]);
});

test('what Microsoft does not have any more is not missing', async () => {
  const { clock, sync, state } = await setUpSkipped(MALFORMED);
  clock.pass(6 * MINUTE);
  await sync();
  expect((await state())?.skipped).toEqual([]);
});

test('a failure on the way says nothing about the row: it is tried with the next sync', async () => {
  const { api, clock, sync, state } = await setUpSkipped(MALFORMED);
  api.onGet(() => new SourceError('throttled', { retryAfterMs: MINUTE }));
  clock.pass(6 * MINUTE);
  await sync();
  expect(await state()).toMatchObject({ failure: undefined, skipped: [{ tries: 0 }] });
});

test('each run fetches ten at most, within the quota, and counts the calls', async () => {
  const many = Array.from({ length: 30 }, (_, index) => ({
    incidentId: String(index + 2),
    reason: 'malformed' as const,
  }));
  const { api, clock, sync, state } = await setUpSkipped(...many);
  api.onGet(() => new SourceError('malformed'));
  clock.pass(HOUR + 6 * MINUTE);
  await sync();
  const { skipped = [], calls = [] } = (await state()) ?? {};
  expect(skipped.filter(({ tries }) => tries === 1)).toHaveLength(10);
  expect(calls.reduce((sum, [, count]) => sum + count, 0)).toBe(11);
});

test('an incident that is listed in a readable way again is not missing any more', async () => {
  const { api, clock, sync, stored, state, at } = await setUpSkipped(MALFORMED);
  clock.pass(6 * MINUTE);
  api.put(fetched(2, at(1)));
  await sync();
  expect([stored(), (await state())?.skipped]).toEqual([[2, 1], []]);
});

test('a row without an id is met again by a reconciliation that begins at its place', async () => {
  const { api, clock, sync, state, at } = await setUpSkipped({
    incidentId: undefined,
    reason: 'malformed',
    fingerprint: 'f',
  });
  const place = (await state())?.skipped[0]?.from;
  api.queries.length = 0;
  for (let hour = 0; hour < 25; hour++) {
    clock.pass(HOUR);
    await sync();
  }
  expect(api.queries.map(({ from }) => from)).toContain(place);
  expect((await state())?.skipped).toEqual([]);
  expect(at(0) > (place ?? '')).toBe(true);
});

test('it is said once that a row was skipped', async () => {
  const { log, sync, clock } = await setUpSkipped(MALFORMED);
  clock.pass(6 * MINUTE);
  await sync();
  expect(log.lines.filter(({ event }) => event === 'sync.rows_skipped')).toMatchObject([
    { fields: { count: 1, reason: 'malformed' } },
  ]);
});
