import { createHash } from 'node:crypto';
import type { WalkProblem } from '../walk/scan-error.ts';
import { isHeld } from './sync-lease.ts';
import type { SyncFailure, SyncSummary } from './sync-state.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What nobody can repair by waiting is tried seldom; the rest soon, and ever less often. */
const FIRST_BACKOFF: Readonly<Record<WalkProblem, number>> = {
  throttled: MINUTE,
  unavailable: 30 * SECOND,
  partial: 30 * SECOND,
  malformed: MINUTE,
  too_large: 5 * MINUTE,
  unauthorized: MINUTE,
  forbidden: 15 * MINUTE,
  licence_missing: 15 * MINUTE,
  refused: 15 * MINUTE,
  foreign_link: 15 * MINUTE,
  unstable_list: 30 * SECOND,
  no_token: MINUTE,
};
const MAX_BACKOFF_MS = 60 * MINUTE;

/**
 * A message that was lost is sent again after this time; one that only waits its turn is not sent
 * every minute.
 */
const SEND_AGAIN = 5 * MINUTE;

/**
 * The tenant's next turn: always at the same point of the interval, which differs from tenant to
 * tenant.
 */
export function toNextDue(tenantId: string, intervalMs: number, now: number): number {
  const offset = toFraction(tenantId) * intervalMs;
  const earliest = now + intervalMs / 2;
  return Math.ceil((earliest - offset) / intervalMs) * intervalMs + Math.floor(offset);
}

/** The failure of one more run; the API's own word on when to come back counts, if it is later. */
export function toSyncFailure(
  last: SyncFailure | undefined,
  { problem, retryAfterMs = 0 }: { problem: WalkProblem; retryAfterMs?: number | undefined },
  now: number,
): SyncFailure {
  const isSame = last?.problem === problem;
  const count = isSame ? last.count + 1 : 1;
  const tries = isSame ? last.tries + 1 : 1;
  const backoff = Math.min(FIRST_BACKOFF[problem] * 2 ** (tries - 1), MAX_BACKOFF_MS);
  const retryAt = now + Math.max(backoff, retryAfterMs);
  return { problem, count, tries, since: isSame ? last.since : now, at: now, retryAt };
}

/** No pause is longer than an hour, and no turn further off than one and a half intervals. */
const MAX_PAUSE_MS = 2 * 60 * MINUTE;

/**
 * Whether a tenant's time has come; a time that nobody can have meant was written by a clock that
 * was ahead.
 */
export function isSyncDue(dueAt: number, { intervalMs, now }: { intervalMs: number; now: number }) {
  return dueAt <= now || dueAt > now + Math.max(2 * intervalMs, MAX_PAUSE_MS);
}

/**
 * Whether the timer of this minute sends the tenant's message; `lastRunAt` is the time of the run
 * before.
 */
export function isTurn(
  { dueAt, leaseUntil = 0 }: Pick<SyncSummary, 'dueAt' | 'leaseUntil'>,
  { lastRunAt, intervalMs, now }: { lastRunAt: number; intervalMs: number; now: number },
): boolean {
  if (!isSyncDue(dueAt, { intervalMs, now }) || isHeld(leaseUntil, now)) return false;
  if (dueAt > now) return true;
  const turns = (time: number) => Math.floor((time - dueAt) / SEND_AGAIN);
  return lastRunAt < dueAt || turns(now) > turns(lastRunAt);
}

/** A number in [0, 1) that is always the same for a tenant and even over tenants. */
function toFraction(tenantId: string): number {
  return createHash('sha256').update(tenantId).digest().readUInt32BE(0) / 2 ** 32;
}
