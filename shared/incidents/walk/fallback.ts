import type { SkippedRow } from '../incident-source.ts';
import type { Instant } from '../instant.ts';
import { type CountedWalk, isFirstPage, type Walk, type WindowStep } from './walk.ts';
import type { WalkError } from './walk-error.ts';
import { shrinkTop, shrinkWalk, stepOverInstant } from './windows.ts';

/** Another way through the list, and what it leaves out. */
export interface Fallback<Step = WindowStep | WalkError> {
  readonly step: Step;
  readonly skipped: readonly SkippedRow[];
}

/** An instant that is given up. */
export function toUnreachable(instant: Instant): SkippedRow {
  return { incidentId: undefined, reason: 'unreachable', fingerprint: instant, updated: instant };
}

/** Single incidents in a row that are too large to be read. */
const MAX_TOO_LARGE_COUNT = 20;

/** A page that is too large: a smaller one, or over the single incident that is. */
export function shrinkPage(walk: CountedWalk): Fallback {
  const smaller = shrinkTop(walk);
  if (smaller) return { step: { next: smaller }, skipped: [] };
  const fingerprint = `row ${walk.skip}`;
  const skipped = [{ incidentId: undefined, reason: 'too_large', fingerprint }] as const;
  const tooLarge = walk.tooLarge + 1;
  // So many in a row are no incidents: the list ignores `$skip`.
  if (tooLarge > MAX_TOO_LARGE_COUNT) return { step: { problem: 'too_large' }, skipped };
  return { step: { next: { ...walk, skip: walk.skip + 1, tooLarge } }, skipped };
}

/** A page that is refused: only waiting helps where the plainest request is. */
export function narrowOrWait(walk: Walk, error: WalkError): Fallback {
  return isFirstPage(walk) ? { step: error, skipped: [] } : narrow(walk);
}

/**
 * `$skip` and links end somewhere: then the list goes on below what was read if it is ordered, or
 * else the window is halved; an instant that can't be halved is stepped over.
 */
export function narrow(walk: Walk): Fallback<WindowStep> {
  const smaller = shrinkWalk(walk);
  if (smaller) return { step: { next: smaller }, skipped: [] };
  const step = stepOverInstant(walk);
  // A walk that ends leaves no instant behind that nobody reads again.
  const left = walk.state === 'probing' && 'done' in step ? [walk.suspect] : [];
  return { step, skipped: [...left, walk.from].map(toUnreachable) };
}
