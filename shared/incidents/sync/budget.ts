import { HOUR, MAX_CLOCK_SKEW_MS, MINUTE } from '../../time.ts';
import type { SyncState } from './sync-state.ts';

/** How many calls were begun when; part of the tenant's state. */
export type Calls = SyncState['calls'];

/**
 * The quotas of the incident APIs ("List incidents API", Microsoft Learn); nothing says that they
 * are per app, so we keep them.
 */
const LIMITS = [
  { calls: 50, window: MINUTE },
  { calls: 1500, window: HOUR },
] as const;

/** Calls are counted in slots of this length, in milliseconds. */
const SLOT = 10_000;

/** The calls with one more, or several. */
export function spend(calls: Calls, now: number, count = 1): Calls {
  const slot = Math.floor(now / SLOT);
  const recent = listRecent(calls, LIMITS[1].window, now);
  const last = recent.at(-1);
  if (last?.[0] === slot) return [...recent.slice(0, -1), [slot, last[1] + count]];
  return [...recent, [slot, count]];
}

/**
 * How long to wait until a call is within the quotas, or a part of them (0 to 1), in milliseconds.
 */
export function toWait(calls: Calls, now: number, part = 1): number {
  const limits = LIMITS.map(({ calls: most, window }) => ({ calls: most * part, window }));
  return Math.max(...limits.map((limit) => toWaitFor(limit, calls, now)));
}

/** The calls of two who call the same API for the same customer, oldest first. */
export function mergeCalls(one: Calls, other: Calls): Calls {
  const bySlot = new Map<number, number>();
  for (const [slot, count] of [...one, ...other]) {
    bySlot.set(slot, (bySlot.get(slot) ?? 0) + count);
  }
  return [...bySlot].toSorted(([a], [b]) => a - b);
}

/** How much of the tighter quota is used up, from 0 to 1. */
export function toShare(calls: Calls, now: number): number {
  const shares = LIMITS.map((limit) => {
    const counted = listRecent(calls, limit.window, now);
    return counted.reduce((sum, [, count]) => sum + count, 0) / limit.calls;
  });
  return Math.max(...shares);
}

/** A slot counts until its last call has surely left the window. */
function toWaitFor(
  limit: { readonly calls: number; readonly window: number },
  calls: Calls,
  now: number,
): number {
  const counted = listRecent(calls, limit.window, now);
  let total = counted.reduce((sum, [, count]) => sum + count, 0);
  for (const call of counted) {
    if (total < limit.calls) return 0;
    total -= call[1];
    if (total < limit.calls) return endOf(call) + limit.window - now;
  }
  return 0;
}

function endOf([slot]: Calls[number]): number {
  return (slot + 1) * SLOT;
}

/** A slot that has not begun yet was written by a clock that was ahead, or is damaged. */
function listRecent(calls: Calls, windowMs: number, now: number): Calls {
  return calls.filter(
    (call) => endOf(call) > now - windowMs && endOf(call) <= now + SLOT + MAX_CLOCK_SKEW_MS,
  );
}
