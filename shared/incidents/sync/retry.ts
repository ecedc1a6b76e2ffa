import { takeUpAgain } from '../walk/transitions.ts';
import type { Walk } from '../walk/walk.ts';
import type { WalkProblem } from '../walk/walk-error.ts';
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

/** How a walk is taken up again, and after which failure; without a walk it is planned anew. */
interface Retry {
  readonly walk: Walk | undefined;
  readonly failure: SyncFailure;
}

/**
 * How a walk is taken up again. A page that fails for the third time while nothing is read is cut
 * smaller, and the tries begin anew; an instant that can't be cut is stepped over. It is given up
 * only when what follows can be read: in an outage nothing can.
 */
export function toRetry(walk: Walk, failure: SyncFailure): Retry {
  const isThird = OF_A_PAGE.has(failure.problem) && failure.tries % TRIES === 0;
  const next = takeUpAgain(walk, isThird);
  const isCut = isThird && walk.state !== 'probing' && next && next.state !== 'probing';
  return { walk: next, failure: isCut ? { ...failure, tries: 0 } : failure };
}

/**
 * A failure lasts until its walk is complete; but where a page was read since, what fails next has
 * not failed yet.
 */
export function toNewTries(failure: SyncFailure | undefined): SyncFailure | undefined {
  return failure && OF_A_PAGE.has(failure.problem) ? { ...failure, tries: 0 } : failure;
}
