import { isLeased } from '../../lease/leases.ts';
import { type HuntRun, hasEnded } from '../hunt.ts';

/** Queues count whole seconds: a message may come a little early. */
const EARLY_MS = 1500;

/** Whether a run may be worked on now. */
export function isRunDue(run: HuntRun, now: number): boolean {
  if (hasEnded(run) || run.dueAt > now + EARLY_MS) return false;
  return !isLeased('hunt', run.lease?.until, now);
}
