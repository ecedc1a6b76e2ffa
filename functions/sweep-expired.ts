import type { Services } from './services.ts';

/** Daily in the quiet hours of most customers, and not on the hour, when everybody's timers run. */
export const SWEEP_SCHEDULE = '0 17 3 * * *';

/** Timer: completes offboardings and removes what has ended. */
export const sweepExpired = async ({ offboardings, sweep }: Services) => {
  await offboardings.resume();
  await sweep();
};
