import { isLeased } from '../../lease/leases.ts';
import { QUEUE_ROUNDING_MS } from '../../time.ts';
import { type HuntRun, hasEnded } from '../hunt.ts';

/** Whether a run may be worked on now. */
export function isRunDue(run: HuntRun, now: number): boolean {
  if (hasEnded(run) || run.dueAt > now + QUEUE_ROUNDING_MS) return false;
  return !isLeased('hunt', run.lease?.until, now);
}
