import { setTimeout } from 'node:timers/promises';
import { findSchedule, toDelayMs } from './delay.ts';
import type { RetryScheduleName } from './schedules.ts';

/** What to do when others are faster again and again. */
interface RaceOptions {
  readonly schedule: RetryScheduleName;
  readonly toBusyError: () => Error;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Tries a write until it is decided. The work answers `undefined` when another process was faster;
 * then the broker waits a random part of the pause and tries again. Throws when no try is left.
 */
export async function retryRace<T extends object>(
  { schedule, toBusyError, sleep = setTimeout }: RaceOptions,
  work: () => Promise<T | undefined>,
): Promise<T> {
  const { maxTries = Number.POSITIVE_INFINITY } = findSchedule(schedule);
  for (let tries = 1; tries <= maxTries; tries++) {
    const decided = await work();
    if (decided) return decided;
    await sleep(Math.random() * toDelayMs(schedule, tries));
  }
  throw toBusyError();
}
