import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SkippedRow } from '../../../../shared/incidents/incident-source.ts';
import { toInstant } from '../../../../shared/incidents/instant.ts';
import {
  findRereadFrom,
  listRetries,
  postpone,
  recordSkipped,
  type SkippedIncident,
  settleSkipped,
  summarizeSkipped,
} from '../../../../shared/incidents/sync/skipped.ts';
import { startWalk, type Walk } from '../../../../shared/incidents/walk/walk.ts';
import { HOUR, MINUTE } from '../../../support/clock.ts';
import { runs } from '../../../support/runs.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const DAY = 24 * HOUR;

function walkAt(startedAt: number, from = startedAt - HOUR): Walk {
  const plan = { kind: 'changes', source: 'graph', pageSize: 50 } as const;
  return startWalk({ ...plan, startedAt, from: toInstant(from) });
}

function record(
  skipped: readonly SkippedRow[],
  known: readonly SkippedIncident[] = [],
  { walk = walkAt(NOW), at = NOW, read = [] as readonly string[] } = {},
) {
  return recordSkipped(known, { skipped, read }, { walk, at });
}

const withId = (id: number): SkippedRow => ({ incidentId: String(id), reason: 'malformed' });
const without = (fingerprint: string, updated?: number): SkippedRow => ({
  incidentId: undefined,
  reason: 'malformed',
  fingerprint,
  updated: updated === undefined ? undefined : toInstant(updated),
});

test('a row with an id is fetched by it after 5 min, then ever more seldom, at least daily', () => {
  const [row] = record([withId(1)]) as [SkippedIncident];
  expect(listRetries([row], NOW + 5 * MINUTE - 1)).toEqual([]);
  expect(listRetries([row], NOW + 5 * MINUTE)).toMatchObject([{ incidentId: '1' }]);
  const once = postpone(row, 'too_large', NOW);
  expect(once).toMatchObject({ reason: 'too_large', tries: 1, retryAt: NOW + 10 * MINUTE });
  expect(postpone({ ...row, tries: 20 }, 'malformed', NOW).retryAt).toBe(NOW + DAY);
});

test('a row that comes again is the same one, whatever is wrong with it now', () => {
  const later = { at: NOW + HOUR, walk: walkAt(NOW + HOUR) };
  const known = record([withId(1), without('a')]);
  const again = record([{ ...withId(1), reason: 'wrong_tenant' }, without('a')], known, later);
  expect(again).toMatchObject([
    { incidentId: '1', reason: 'wrong_tenant', since: NOW, walkStartedAt: NOW + HOUR },
    { incidentId: undefined, since: NOW, walkStartedAt: NOW + HOUR },
  ]);
});

test('an incident that was read is not missing any more', () => {
  const known = record([withId(1), withId(2)]);
  const left = record([withId(2)], known, { read: ['1', '2'] });
  expect(left).toEqual([]);
});

test('a row without an id is met again by reading from its place, after a day, then more seldom', () => {
  const known = record([without('a', NOW - 10 * MINUTE), without('b')]);
  expect(findRereadFrom(known, NOW + DAY - 1)).toBeUndefined();
  expect(findRereadFrom(known, NOW + DAY)).toBe(toInstant(NOW - HOUR));
  const later = { at: NOW + DAY, walk: walkAt(NOW + DAY, NOW - HOUR) };
  const again = record([without('a'), without('b')], known, later);
  expect(again).toMatchObject([{ retryAt: NOW + 3 * DAY }, { retryAt: NOW + 3 * DAY }]);
});

test('it is settled when a walk over its place has not met it, and not before', () => {
  const known = record([without('a'), withId(1)]);
  const walk = walkAt(NOW + HOUR, NOW - 2 * HOUR);
  expect(settleSkipped(known, walkAt(NOW))).toEqual(known);
  expect(settleSkipped(known, walkAt(NOW + HOUR, NOW))).toEqual(known);
  const met = record([without('a')], known, { at: NOW + HOUR, walk: walk });
  expect(settleSkipped(met, walk)).toHaveLength(2);
  expect(settleSkipped(known, walk)).toMatchObject([{ incidentId: '1' }]);
});

test('a list that does not keep to its window moves no place out of it', () => {
  const [row] = record([without('a', NOW - DAY)]);
  expect(row?.from).toBe(toInstant(NOW - HOUR));
});

test('remarks are no missing incidents: they are not fetched, not counted, and forgotten in a month', () => {
  const remarks = (['foreign_link', 'redirect_missing', 'raw_left_out'] as const).map((reason) => ({
    incidentId: reason === 'foreign_link' ? undefined : '1',
    reason,
  }));
  const known = record([...remarks, withId(1)]);
  expect(known).toHaveLength(4);
  expect(summarizeSkipped(known)).toEqual({
    count: 1,
    isMore: false,
    newest: { incidentId: '1', reason: 'malformed', since: NOW },
  });
  expect(listRetries(known, NOW + DAY)).toHaveLength(1);
  const inAMonth = record([], known, { at: NOW + 31 * DAY });
  expect(inAMonth).toMatchObject([{ incidentId: '1', reason: 'malformed' }]);
});

test('of more than a hundred the newest are remembered, and where to read the others', () => {
  const old = record([without('old', NOW - 30 * MINUTE)]);
  const many = Array.from({ length: 150 }, (_, index) => withId(index + 1));
  const walk = walkAt(NOW + HOUR, NOW);
  const known = record(many, old, { at: NOW + HOUR, walk });
  expect(known).toHaveLength(100);
  expect(summarizeSkipped(known)).toMatchObject({ count: 100, isMore: true });
  expect(findRereadFrom(known, NOW + DAY)).toBe(toInstant(NOW - 30 * MINUTE));
  const later = walkAt(NOW + 2 * DAY, NOW - HOUR);
  expect(summarizeSkipped(settleSkipped(known, later)).isMore).toBe(false);
});

interface Met {
  readonly id: number;
  readonly hasId: boolean;
  readonly isRead: boolean;
  readonly minutes: number;
}

/** What is remembered after many pages, and of what was met and not read the place of each. */
function meetAll(all: readonly Met[]) {
  let known: readonly SkippedIncident[] = [];
  const open = new Map<string, number>();
  for (const { id, hasId, isRead, minutes } of all) {
    const at = NOW + minutes * MINUTE;
    const row = hasId ? withId(id) : without(`f${id}`);
    const read = isRead ? [String(id)] : [];
    known = record(isRead ? [] : [row], known, { walk: walkAt(at), at, read });
    const key = hasId ? String(id) : `f${id}`;
    if (isRead) open.delete(String(id));
    else open.set(key, open.get(key) ?? at - HOUR);
  }
  return { known, open };
}

test('whatever comes in whatever order, a row is remembered, or behind the rest, or was read', () => {
  const met = fc.record({
    id: fc.integer({ min: 1, max: 300 }),
    hasId: fc.boolean(),
    isRead: fc.boolean(),
    minutes: fc.integer({ min: 0, max: 50 }),
  });
  fc.assert(
    fc.property(fc.array(met, { maxLength: 400, size: 'max' }), (all) => {
      const { known, open } = meetAll(all);
      const kept = new Set(known.map(({ incidentId, fingerprint }) => incidentId ?? fingerprint));
      const rest = known.find(({ fingerprint }) => fingerprint === 'rest');
      const lost = [...open].filter(([key]) => !kept.has(key));

      expect(lost.every(([, from]) => (rest?.from ?? '9') <= toInstant(from))).toBe(true);
      expect(known.length).toBeLessThanOrEqual(100);
    }),
    { numRuns: runs(17) },
  );
});
