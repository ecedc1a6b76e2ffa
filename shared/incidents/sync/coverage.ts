import type { IncidentSourceName } from '../../resources/incident-sources.ts';
import { MAX_CLOCK_SKEW_MS, MINUTE } from '../../time.ts';
import { type Instant, shift, toInstant } from '../instant.ts';
import type { Walk, WalkKind } from '../walk/walk.ts';
import type { WalkProblem } from '../walk/walk-error.ts';

/** Clocks differ and indexing takes its time: nobody's last minutes are called complete. */
export const LAG = 2 * MINUTE;

/**
 * Whether a time may have been written by a clock that is right, if it is not later than our own
 * says.
 */
export function isPlausible(time: number, now: number): boolean {
  return time <= now + MAX_CLOCK_SKEW_MS;
}

/** A window that could not be read, until a later one covered it. Epoch milliseconds. */
export interface FailedWindow {
  readonly kind: WalkKind;
  readonly from: Instant;
  readonly problem: WalkProblem;
  readonly at: number;
}

/** What is known to be complete, of one source. */
export interface Coverage {
  readonly source: IncidentSourceName;
  /** Every incident that was updated from here … */
  readonly completeFrom: Instant;
  /** … up to here is stored. */
  readonly completeUpTo: Instant;
  /** When the last 48 h were last read again, in epoch milliseconds. */
  readonly reconciledAt: number | undefined;
}

/** What is remembered of failures: enough to see what is going on, in one row. */
const MAX_NOTES_COUNT = 20;

/** The coverage after a walk that was completed. */
export function complete(coverage: Coverage | undefined, walk: Walk): Coverage {
  const completeUpTo = shift(toInstant(walk.startedAt), -LAG);
  const isContinued = coverage !== undefined && walk.begin <= coverage.completeUpTo;
  const completeFrom =
    isContinued && coverage.completeFrom < walk.begin ? coverage.completeFrom : walk.begin;
  return {
    source: walk.source,
    completeFrom,
    completeUpTo,
    reconciledAt: walk.kind === 'changes' ? coverage?.reconciledAt : walk.startedAt,
  };
}

/** The windows that could not be read, the newest first; the same one is noted once. */
export function noteFailed(
  failed: readonly FailedWindow[],
  walk: Walk,
  { problem, at }: Pick<FailedWindow, 'problem' | 'at'>,
): readonly FailedWindow[] {
  const { kind, begin: from } = walk;
  const others = failed.filter((known) => known.kind !== kind || known.problem !== problem);
  return [{ kind, from, problem, at }, ...others].slice(0, MAX_NOTES_COUNT);
}
