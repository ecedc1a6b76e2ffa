import { DAY, HOUR } from '../../time.ts';
/** Calls in a row that Microsoft did not answer: some ten minutes. */
export const MAX_FAILURES = 6;

/** Calls in a row whose token was not accepted. */
export const MAX_REFUSALS = 3;

/** Calls in a row that took too much. */
export const MAX_HEAVY = 2;

/** A run that Microsoft holds off for longer ends; what it has is kept. */
export const MAX_THROTTLED_MS = HOUR;

/** Hunts end after 24 h: the caller's app role was checked only at creation. */
export const MAX_HUNT_MS = DAY;
