import { isLeased } from '../../lease/leases.ts';
import { toAskedDelayMs, toDelayMs } from '../../retry/delay.ts';
import type { RetryScheduleName } from '../../retry/schedules.ts';
import { toStableFraction } from '../../stable-fraction.ts';
import { HOUR } from '../../time.ts';
import type { WalkProblem } from '../walk/walk-error.ts';
import type { SyncFailure, SyncSummary } from './sync-state.ts';

/** What waiting can't repair is tried seldom; the rest soon, and ever less often. */
const SCHEDULES: Readonly<Record<WalkProblem, RetryScheduleName>> = {
  throttled: 'sync.throttled',
  unavailable: 'sync.unavailable',
  partial: 'sync.unavailable',
  malformed: 'sync.throttled',
  too_large: 'sync.too_large',
  unauthorized: 'sync.throttled',
  forbidden: 'sync.refused',
  licence_missing: 'sync.refused',
  refused: 'sync.refused',
  foreign_link: 'sync.refused',
  unstable_list: 'sync.unavailable',
  no_token: 'sync.throttled',
};

/**
 * The tenant's next turn: always at the same point of the interval, which differs from tenant to
 * tenant.
 */
export function toNextDue(tenantId: string, intervalMs: number, now: number): number {
  const offset = toStableFraction(tenantId) * intervalMs;
  const earliest = now + intervalMs / 2;
  return Math.ceil((earliest - offset) / intervalMs) * intervalMs + Math.floor(offset);
}

/** The failure of one more run; the API's own word on when to come back counts, if it is later. */
export function toSyncFailure(
  last: SyncFailure | undefined,
  { problem, retryAfterMs }: { problem: WalkProblem; retryAfterMs?: number | undefined },
  now: number,
): SyncFailure {
  const isSame = last?.problem === problem;
  const count = isSame ? last.count + 1 : 1;
  const tries = isSame ? last.tries + 1 : 1;
  const retryAt = now + toAskedDelayMs(SCHEDULES[problem], retryAfterMs, tries);
  return { problem, count, tries, since: isSame ? last.since : now, at: now, retryAt };
}

/**
 * Twice the longest pause: `Retry-After` and the schedules of the sync end at an hour. A turn is at
 * most one and a half intervals away.
 */
const IMPLAUSIBLE_AHEAD_MS = 2 * HOUR;

/**
 * Whether a tenant's time has come; a time that nobody can have meant was written by a clock that
 * was ahead.
 */
export function isSyncDue(dueAt: number, { intervalMs, now }: { intervalMs: number; now: number }) {
  return dueAt <= now || dueAt > now + Math.max(2 * intervalMs, IMPLAUSIBLE_AHEAD_MS);
}

/**
 * Whether the timer of this minute sends the tenant's message; `lastRunAt` is the time of the run
 * before.
 */
export function isTurn(
  { dueAt, leaseUntil }: Pick<SyncSummary, 'dueAt' | 'leaseUntil'>,
  { lastRunAt, intervalMs, now }: { lastRunAt: number; intervalMs: number; now: number },
): boolean {
  if (!isSyncDue(dueAt, { intervalMs, now }) || isLeased('sync', leaseUntil, now)) return false;
  if (dueAt > now) return true;
  // A message that only waits its turn is not sent every minute.
  const turns = (time: number) => Math.floor((time - dueAt) / toDelayMs('message.lost'));
  return lastRunAt < dueAt || turns(now) > turns(lastRunAt);
}
