import { RETRY_SCHEDULES, type RetrySchedule, type RetryScheduleName } from './schedules.ts';

/**
 * How long to wait after so many failures in a row (1, 2 …), in milliseconds. Jitter is left out:
 * what is stored or reported is the same for everybody.
 */
export function toDelayMs(name: RetryScheduleName, failures = 1): number {
  const { pausesMs, factor, maxMs } = findSchedule(name);
  const index = Math.max(failures, 1) - 1;
  const step = pausesMs[index];
  if (step !== undefined) return step;
  const last = pausesMs.at(-1) ?? 0;
  return Math.min(last * factor ** (index + 1 - pausesMs.length), maxMs);
}

/** The same after an answer that asks for a pause: at least as long as it says, if it says so. */
export function toAskedDelayMs(
  name: RetryScheduleName,
  retryAfterMs: number | undefined,
  failures = 1,
): number {
  const { unstatedMs = 0 } = findSchedule(name);
  return Math.max(toDelayMs(name, failures), retryAfterMs ?? unstatedMs);
}

/** The schedule of a name, by the type that all share. */
export function findSchedule(name: RetryScheduleName): RetrySchedule {
  return RETRY_SCHEDULES[name];
}
