import type { Lease } from '../lease/leases.ts';
import type { TimeSpan } from './kql/edit-query.ts';
import type { Plan } from './run/plan.ts';
import type { HuntProblem, HuntVerdict } from './verdict.ts';

/** A column of a result, with Kusto's name of its type. */
export interface Column {
  readonly name: string;
  readonly type: string;
  /** The types that it has at different customers, where it became text for that. */
  readonly widenedFrom?: readonly string[];
}

/** What was asked of many customers; it never changes. Epoch milliseconds. */
export interface Hunt {
  readonly id: string;
  readonly callerId: string;
  /** The application through which a person asked for it: a block of either ends the hunt. */
  readonly clientId: string | undefined;
  /** What the caller calls it. */
  readonly name: string | undefined;
  /** The saved query that it runs. */
  readonly savedQuery: string | undefined;
  /** Lines of bound parameters before the caller's own first line. */
  readonly boundLines: number;
  /** `undefined`: as far as Microsoft looks back. */
  readonly timespan: TimeSpan | undefined;
  /** Rows of one customer, and of all together. */
  readonly maxRows: number;
  readonly maxTotalRows: number;
  readonly createdAt: number;
}

/**
 * How far a hunt is: counts of its runs, and what its results are together. One row that every run
 * writes.
 */
export interface HuntProgress {
  /**
   * Runs in all; those that were sent to the queue; those that wait for Microsoft; those that
   * ended.
   */
  readonly total: number;
  readonly started: number;
  readonly waiting: number;
  readonly ended: number;
  /** The number of the newest part of the results. */
  readonly lastPart: number;
  readonly rows: number;
  /** The columns of all customers together. */
  readonly columns: readonly Column[];
  /** How many runs ended how. */
  readonly verdicts: Readonly<Partial<Record<HuntVerdict, number>>>;
  readonly cancelledAt: number | undefined;
  readonly finishedAt: number | undefined;
  /** What is wrong with the query at every customer: no further run asks. */
  readonly refusal: RefusedQuery | undefined;
}

/** Microsoft's own words about a query, and the place that they name in the caller's text. */
export interface RefusedQuery {
  readonly sentence: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** The work for one customer of a hunt, and the lease on it. Epoch milliseconds. */
export interface HuntRun {
  readonly huntId: string;
  /** Its place among the hunt's runs, from 0. */
  readonly index: number;
  /** `undefined`: nobody that the caller may hunt at, or the tenant was offboarded. */
  readonly tenantId: string | undefined;
  /** What the caller named, sealed, where it is nobody that the caller may hunt at. */
  readonly sealedName: string | undefined;
  readonly plan: Plan;
  readonly rows: number;
  readonly calls: number;
  /** Not before this time. */
  readonly dueAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly isWaiting: boolean;
  /** Failures in a row since rows were last stored, or the plan last changed. */
  readonly failures: number;
  readonly throttledSince: number | undefined;
  /** Why rows are missing: of a run that has not ended yet, what is known so far. */
  readonly problem: HuntProblem | undefined;
  readonly refusal: RefusedQuery | undefined;
  readonly lease: Lease | undefined;
  /**
   * Who wrote it last, and how many writes there were: a write whose answer was lost is recognised
   * by both.
   */
  readonly writer: string | undefined;
  readonly revision: number;
}

/** A stretch of the results: rows of one customer that were stored together. */
export interface ResultPart {
  readonly huntId: string;
  /** From 1, in the order of storing, without gaps. */
  readonly number: number;
  readonly tenantId: string;
  readonly columns: readonly Column[];
  /** Rows that count, in order; the last blob may hold more. */
  readonly rows: number;
  /** The blobs, without their numbers. */
  readonly blob: string;
  /** Rows of each blob. */
  readonly chunks: readonly number[];
}

/** Whether a run has ended. */
export function hasEnded({ endedAt }: Pick<HuntRun, 'endedAt'>): boolean {
  return endedAt !== undefined;
}

/** Whether a run is to end because its row can't be read or was gone. */
export function isDamaged(run: Pick<HuntRun, 'endedAt' | 'problem'>): boolean {
  return !hasEnded(run) && run.problem === 'run_damaged';
}

/** Where a hunt stands as a whole. */
type HuntStatus = 'running' | 'complete' | 'incomplete' | 'cancelled';

/** A hunt is complete only if it is at every customer. */
export function toHuntStatus({
  finishedAt,
  cancelledAt,
  verdicts,
  total,
}: HuntProgress): HuntStatus {
  if (cancelledAt !== undefined) return 'cancelled';
  if (finishedAt === undefined) return 'running';
  return verdicts.complete === total ? 'complete' : 'incomplete';
}
