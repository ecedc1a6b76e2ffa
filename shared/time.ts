/*
 * Durations in milliseconds, and how far clocks can be trusted. Times are epoch milliseconds.
 *
 * Example: a lease that ends 12 minutes from now, where leases last 2 minutes, was not written by a
 * clock that is right: 12 > 2 + 10.
 */

/** One second in milliseconds. */
export const SECOND = 1000;

/** One minute in milliseconds. */
export const MINUTE = 60 * SECOND;

/** One hour in milliseconds. */
export const HOUR = 60 * MINUTE;

/** One day in milliseconds. */
export const DAY = 24 * HOUR;

/** Clocks of two processes, or of a process and Entra, differ by less than this. */
export const MAX_CLOCK_SKEW_MS = 10 * MINUTE;

/** Queues count whole seconds: a message may come earlier than its delay by as much. */
export const QUEUE_ROUNDING_MS = 1500;
