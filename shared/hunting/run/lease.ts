import { type HuntRun, hasEnded } from '../hunt.ts';

/** Longer than a call may take (230 s), with what has to be written after it. */
export const LEASE_MS = 5 * 60_000;

/** Clocks of processes differ by less than this. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

/** Queues count whole seconds: a message may come a little early. */
const EARLY_MS = 1500;

/** Whether a run may be worked on now. */
export function isRunDue(run: HuntRun, now: number): boolean {
  return !hasEnded(run) && run.dueAt <= now + EARLY_MS && !isLeased(run, now);
}

/** Whether somebody works on a run; a lease that lasts longer than any does is a wrong clock's. */
export function isLeased({ lease }: HuntRun, now: number): boolean {
  const { until = 0 } = lease ?? {};
  return until > now && until <= now + LEASE_MS + CLOCK_TOLERANCE_MS;
}
