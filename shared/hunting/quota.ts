import { findSchedule, toAskedDelayMs } from '../retry/delay.ts';
import { change, type Store } from '../store.ts';
import { HOUR, MINUTE } from '../time.ts';

/**
 * What hunting may ask of one tenant: one row, which every process counts in. Epoch milliseconds.
 */
export interface HuntQuota {
  readonly tenantId: string;
  /**
   * Calls of the last minute, oldest first: how many were begun in which seconds since the epoch.
   */
  readonly calls: readonly (readonly [slot: number, count: number])[];
  /** What Microsoft allowed a minute when it last refused, and when that was. */
  readonly learned: { readonly perMinute: number; readonly at: number } | undefined;
  /** Until then Microsoft refuses, and why. */
  readonly blocked: { readonly until: number; readonly reason: ThrottleReason } | undefined;
}

/** What is used up: calls, or the tenant's share of the processors. */
export type ThrottleReason = 'calls' | 'cpu';

/** The tenants' quotas. */
export type QuotaStore = Store<string, HuntQuota>;

/** "At least 45 calls per minute per tenant" ("Use the Microsoft Graph security API"). */
const CALLS_PER_MINUTE = 45;

/** Other tools of the customer use the same quota; what was learned of them holds so long. */
const LEARNED_AGE_MS = HOUR;

/** Whatever was learned, a hunt gets on. */
const MIN_CALLS_PER_MINUTE = 5;

/** Calls are counted in slots of this length. */
const SLOT_MS = 2000;

/** The processors' share is counted anew at every quarter of an hour. */
const CPU_CYCLE_MS = 15 * MINUTE;

/**
 * A clock that is a little off, and answers that were on their way, must not hit the cycle before.
 */
const CPU_MARGIN_MS = 5000;

/** No answer silences a tenant for longer. */
const MAX_BLOCK_MS = findSchedule('hunt.throttled').maxMs;

/** What a call found: it may be made now, or only after a while. */
interface QuotaTurn {
  readonly waitMs: number;
  readonly reason: ThrottleReason;
}

/** Takes one call out of a tenant's quota, if there is one left. */
export async function takeCall(
  quotas: QuotaStore,
  tenantId: string,
  now: number,
): Promise<QuotaTurn> {
  let turn: QuotaTurn = { waitMs: 0, reason: 'calls' };
  await change(quotas, tenantId, (quota = createQuota(tenantId)) => {
    turn = findTurn(quota, now);
    return turn.waitMs > 0 ? undefined : addCall(quota, now);
  });
  return turn;
}

/** Notes that Microsoft refused a call; answers until when there is no use in another. */
export async function blockTenant(
  quotas: QuotaStore,
  tenantId: string,
  refusal: { reason: ThrottleReason; retryAfterMs: number | undefined; now: number },
): Promise<number> {
  const changed = await change(quotas, tenantId, (quota = createQuota(tenantId)) =>
    block(quota, refusal),
  );
  return changed?.blocked?.until ?? refusal.now;
}

/** The quota after Microsoft refused a call. */
function block(
  quota: HuntQuota,
  {
    reason,
    retryAfterMs,
    now,
  }: { reason: ThrottleReason; retryAfterMs: number | undefined; now: number },
): HuntQuota {
  const asked = retryAfterMs ?? (reason === 'cpu' ? toNextCycle(now) - now : undefined);
  const until = now + Math.min(toAskedDelayMs('hunt.throttled', asked), MAX_BLOCK_MS);
  const made = countCalls(quota, now);
  const learned = reason === 'calls' ? { perMinute: toLearned(made), at: now } : quota.learned;
  const longer = Math.max(until, quota.blocked?.until ?? 0);
  return { ...quota, learned, blocked: { until: longer, reason } };
}

/** The next quarter of an hour. */
export function toNextCycle(now: number): number {
  return (Math.floor(now / CPU_CYCLE_MS) + 1) * CPU_CYCLE_MS + CPU_MARGIN_MS;
}

/** A tenant that was never hunted at. */
export function createQuota(tenantId: string): HuntQuota {
  return { tenantId, calls: [], learned: undefined, blocked: undefined };
}

function findTurn(quota: HuntQuota, now: number): QuotaTurn {
  const { until = 0, reason = 'calls' } = quota.blocked ?? {};
  // What nobody can have meant was written by a clock that was ahead.
  if (until > now && until <= now + 2 * MAX_BLOCK_MS) return { waitMs: until - now, reason };
  const recent = toRecent(quota, now);
  let total = countCalls(quota, now);
  const limit = toLimit(quota, now);
  for (const [slot, count] of recent) {
    if (total < limit) break;
    total -= count;
    if (total < limit) return { waitMs: toEnd(slot) + MINUTE - now, reason: 'calls' };
  }
  return { waitMs: 0, reason: 'calls' };
}

function addCall(quota: HuntQuota, now: number): HuntQuota {
  const slot = Math.floor(now / SLOT_MS);
  const recent = toRecent(quota, now);
  const last = recent.at(-1);
  const calls =
    last?.[0] === slot
      ? [...recent.slice(0, -1), [slot, last[1] + 1] as const]
      : [...recent, [slot, 1] as const];
  return { ...quota, calls, blocked: undefined };
}

/** A slot counts until its last call has surely left the minute. */
function toRecent({ calls }: HuntQuota, now: number): HuntQuota['calls'] {
  return calls.filter(([slot]) => toEnd(slot) > now - MINUTE && slot * SLOT_MS <= now);
}

function countCalls(quota: HuntQuota, now: number): number {
  return toRecent(quota, now).reduce((sum, [, count]) => sum + count, 0);
}

function toLimit({ learned }: HuntQuota, now: number): number {
  const isFresh = learned !== undefined && now - learned.at < LEARNED_AGE_MS;
  return isFresh ? learned.perMinute : CALLS_PER_MINUTE;
}

function toLearned(made: number): number {
  return Math.min(CALLS_PER_MINUTE, Math.max(MIN_CALLS_PER_MINUTE, made - 1));
}

function toEnd(slot: number): number {
  return (slot + 1) * SLOT_MS;
}
