import type { IncidentSourceName } from '../incident.ts';
import type { SetAside } from '../incident-source.ts';
import { type Instant, shift, toInstant } from '../instant.ts';
import type { Scan, ScanKind } from '../walk/scan.ts';
import type { WalkProblem } from '../walk/scan-error.ts';

/** Clocks differ and indexing takes its time: nobody's last minutes are called complete. */
export const LAG = 2 * 60_000;

/** A window that could not be read, until a later one covered it. Epoch milliseconds. */
export interface FailedWindow {
  readonly kind: ScanKind;
  readonly from: Instant;
  readonly problem: WalkProblem;
  readonly at: number;
}

/** A row that could not be used, and when that was noted. */
export interface NotedSetAside extends SetAside {
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

/** Rows that were set aside are looked into within this time, or not at all. */
const NOTE_AGE = 30 * 24 * 60 * 60_000;

/** The coverage after a walk that was completed. */
export function complete(coverage: Coverage | undefined, scan: Scan): Coverage {
  const completeUpTo = shift(toInstant(scan.startedAt), -LAG);
  const isContinued = coverage !== undefined && scan.begin <= coverage.completeUpTo;
  const completeFrom =
    isContinued && coverage.completeFrom < scan.begin ? coverage.completeFrom : scan.begin;
  return {
    source: scan.source,
    completeFrom,
    completeUpTo,
    reconciledAt: scan.kind === 'changes' ? coverage?.reconciledAt : scan.startedAt,
  };
}

/** The windows that could not be read, the newest first; the same one is noted once. */
export function noteFailed(
  failed: readonly FailedWindow[],
  scan: Scan,
  { problem, at }: Pick<FailedWindow, 'problem' | 'at'>,
): readonly FailedWindow[] {
  const { kind, begin: from } = scan;
  const others = failed.filter((known) => known.kind !== kind || known.problem !== problem);
  return [{ kind, from, problem, at }, ...others].slice(0, MAX_NOTES_COUNT);
}

/** The rows that could not be used, the newest first; the same one is noted once. */
export function noteSetAside(
  noted: readonly NotedSetAside[],
  fresh: readonly SetAside[],
  at: number,
): readonly NotedSetAside[] {
  const toKey = ({ incidentId, reason }: SetAside) => `${incidentId} ${reason}`;
  const keys = new Set(fresh.map(toKey));
  const kept = noted.filter((one) => !keys.has(toKey(one)));
  const added = [...new Map(fresh.map((one) => [toKey(one), { ...one, at }])).values()];
  return [...added, ...kept].filter((one) => at - one.at < NOTE_AGE).slice(0, MAX_NOTES_COUNT);
}
