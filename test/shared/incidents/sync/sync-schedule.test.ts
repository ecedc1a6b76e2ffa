import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isTurn,
  toNextDue,
  toSyncFailure,
} from '../../../../shared/incidents/sync/sync-schedule.ts';
import { isLeased } from '../../../../shared/lease/leases.ts';
import { HOUR, MINUTE, SECOND } from '../../../support/clock.ts';

const NOW = 1000 * HOUR;
const INTERVAL = 5 * MINUTE;

test('a tenant keeps its point of the interval, and waits half to one and a half of it', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 0, max: 3 * INTERVAL }), (tenantId, passed) => {
      const due = toNextDue(tenantId, INTERVAL, NOW + passed);
      expect(due % INTERVAL).toBe(toNextDue(tenantId, INTERVAL, 0) % INTERVAL);
      expect(due - NOW - passed).toBeGreaterThanOrEqual(INTERVAL / 2 - 1);
      expect(due - NOW - passed).toBeLessThanOrEqual(1.5 * INTERVAL);
    }),
  );
});

test('a thousand tenants are spread over the interval', () => {
  const minutes = fc.sample(fc.uuid(), { numRuns: 1000, seed: 7 }).map((tenantId) => {
    return Math.floor((toNextDue(tenantId, INTERVAL, NOW) % INTERVAL) / MINUTE);
  });
  const counts = [0, 1, 2, 3, 4].map((minute) => minutes.filter((m) => m === minute).length);
  expect(Math.min(...counts)).toBeGreaterThan(150);
});

test('a tenant that stays due is sent again after five minutes, and not every minute', () => {
  const state = { dueAt: NOW, leaseUntil: undefined };
  const runs = Array.from({ length: 16 }, (_, minute) => NOW + 7 * SECOND + minute * MINUTE);
  const sent = runs.filter((now) =>
    isTurn(state, { lastRunAt: now - MINUTE, intervalMs: INTERVAL, now }),
  );
  expect(sent.map((now) => (now - NOW - 7 * SECOND) / MINUTE)).toEqual([0, 5, 10, 15]);
});

test('a late timer forgets nobody, and a new process sends everybody who is due', () => {
  const state = { dueAt: NOW, leaseUntil: undefined };
  expect(
    isTurn(state, { lastRunAt: NOW + MINUTE, intervalMs: INTERVAL, now: NOW + 7 * MINUTE }),
  ).toBe(true);
  expect(isTurn(state, { lastRunAt: 0, intervalMs: INTERVAL, now: NOW + 3 * MINUTE })).toBe(true);
});

test('who is not due, or is being synced, is not sent', () => {
  const turn = { lastRunAt: 0, intervalMs: INTERVAL, now: NOW };
  expect(isTurn({ dueAt: NOW + 1, leaseUntil: undefined }, turn)).toBe(false);
  expect(isTurn({ dueAt: NOW, leaseUntil: NOW + 1 }, turn)).toBe(false);
});

test('the same trouble again doubles the pause up to an hour; another one begins anew', () => {
  const first = toSyncFailure(undefined, { problem: 'throttled' }, NOW);
  expect(first.retryAt).toBe(NOW + MINUTE);
  const later = toSyncFailure({ ...first, count: 9, tries: 9 }, { problem: 'throttled' }, NOW);
  expect(later).toMatchObject({ count: 10, since: NOW, retryAt: NOW + HOUR });
  expect(toSyncFailure(later, { problem: 'unavailable' }, NOW)).toMatchObject({ count: 1 });
});

test('a lease that runs for longer than any does is a wrong clock’s, and holds nobody up', () => {
  expect(isLeased('sync', NOW + MINUTE, NOW)).toBe(true);
  expect(isLeased('sync', NOW + 24 * HOUR, NOW)).toBe(false);
  const turn = { lastRunAt: 0, intervalMs: INTERVAL, now: NOW };
  expect(isTurn({ dueAt: NOW, leaseUntil: NOW + 24 * HOUR }, turn)).toBe(true);
});
