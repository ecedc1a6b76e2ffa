import { toAskedDelayMs } from '../retry/delay.ts';
import { toStableFraction } from '../stable-fraction.ts';
import { DAY, MINUTE, SECOND } from '../time.ts';
import type { Failure } from './failure.ts';
import { type Cause, FAILURES } from './failure-table.ts';
import { type TokenKey, toKeyText } from './token-record.ts';

/** Entra's longest token life is 24 h; more would be a mistake in the answer. */
const MAX_LIFETIME_MS = DAY;

/**
 * Refreshes fall between half and this part of a life, so that several timer runs fit before the
 * end.
 */
const LATEST_REFRESH = 0.85;

/**
 * A request path that finds less than this left refreshes the token itself: the timer must have
 * failed.
 */
const URGENT = 5 * MINUTE;

/** Of a short life (a customer's token lifetime policy) a fifth is urgent. */
const URGENT_PART = 0.2;

/** A token about to end is no help: clocks differ and the caller's own request takes time. */
const LEAST_LIFE = 10 * SECOND;

/** When a token ends and is to be refreshed. Epoch milliseconds. */
export interface Life {
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly refreshAt: number;
}

/**
 * Plans a token's life from `expires_in`. The refresh falls on a point of the second half that
 * depends only on the key, so thousands of tokens issued together are not refreshed together.
 */
export function planLife(key: TokenKey, expiresInMs: number, now: number): Life {
  const life = Math.min(expiresInMs, MAX_LIFETIME_MS);
  const part = 0.5 + (LATEST_REFRESH - 0.5) * toStableFraction(toKeyText(key));
  return { issuedAt: now, expiresAt: now + life, refreshAt: now + Math.floor(life * part) };
}

/** Whether the refresh time has come. */
export function isRefreshDue({ refreshAt }: Life, now: number): boolean {
  return now >= refreshAt;
}

/** When a request may no longer rely on the timer. */
export function urgentAt({ issuedAt, expiresAt }: Life): number {
  return expiresAt - Math.min(URGENT, (expiresAt - issuedAt) * URGENT_PART);
}

/** Whether the token still works for a caller who uses it at once. */
export function isUsable(life: Life, now: number): boolean {
  return now < usableUntil(life);
}

/** When a token stops working for a caller who uses it at once. */
export function usableUntil({ expiresAt }: Life): number {
  return expiresAt - LEAST_LIFE;
}

/** How long to leave Entra alone after the `count`th failure in a row, in milliseconds. */
export function toBackoff(failure: Failure, count: number): number {
  return toAskedDelayMs(findScheduleName(failure.cause), failure.retryAfterMs, count);
}

function findScheduleName(cause: Cause) {
  if (cause === 'throttled') return 'entra.throttled';
  return FAILURES[cause].permanent ? 'entra.permanent' : 'entra.transient';
}
