import {
  isUntouched,
  revisitSuspectInstant,
  type Scan,
  shrinkWalk,
  skipSuspectInstant,
} from '../walk/scan.ts';
import type { WalkProblem } from '../walk/scan-error.ts';
import type { SyncFailure } from './sync-state.ts';

/** What may be the fault of one page, or of one incident on it. */
const OF_A_PAGE: ReadonlySet<WalkProblem> = new Set([
  'unavailable',
  'malformed',
  'partial',
  'too_large',
]);

/** So often the same page is asked for in the same way. */
const TRIES = 3;

/** How a walk is taken up again, and after which failure; without a scan it is planned anew. */
export interface Retry {
  readonly scan: Scan | undefined;
  readonly failure: SyncFailure;
}

/**
 * A walk that has not come far begins anew, with the newest in view; else it goes on where it was.
 * What fails again and again is cut smaller, so that one page does not hold up all others, and the
 * tries begin anew. An instant that can't be cut is stepped over, and given up only when what
 * follows can be read: in an outage nothing can.
 */
export function toRetry(scan: Scan, failure: SyncFailure): Retry {
  const back = revisitSuspectInstant(scan);
  if (back) return { scan: back, failure };
  if (!OF_A_PAGE.has(failure.problem) || failure.tries % TRIES !== 0) {
    return { scan: isUntouched(scan) ? undefined : scan, failure };
  }
  const smaller = shrinkWalk(scan);
  if (smaller) return { scan: smaller, failure: { ...failure, tries: 0 } };
  return { scan: skipSuspectInstant(scan), failure };
}

/**
 * A failure lasts until its walk is complete; but where a page was read since, what fails next has
 * not failed yet.
 */
export function toNewTries(failure: SyncFailure | undefined): SyncFailure | undefined {
  return failure && OF_A_PAGE.has(failure.problem) ? { ...failure, tries: 0 } : failure;
}
