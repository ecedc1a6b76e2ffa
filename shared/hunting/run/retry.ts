const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** Calls in a row that Microsoft did not answer: some ten minutes. */
export const MAX_FAILURES = 6;

/** Calls in a row whose token was not accepted. */
export const MAX_REFUSALS = 3;

/** Calls in a row that took too much. */
export const MAX_HEAVY = 2;

/** A run that Microsoft holds off for longer ends; what it has is kept. */
export const MAX_THROTTLED_MS = 60 * MINUTE_MS;

const PAUSES_MS = [5, 15, 45, 120, 300].map((seconds) => seconds * SECOND_MS);

/** How long to wait after so many failures in a row. */
export function toRetryMs(failures: number): number {
  return PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1] ?? SECOND_MS;
}
