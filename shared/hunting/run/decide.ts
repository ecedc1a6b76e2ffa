import { toDelayMs } from '../../retry/delay.ts';
import type { Column, HuntRun, RefusedQuery } from '../hunt.ts';
import type { ApiProblem } from '../hunting-api.ts';
import type { HuntProblem } from '../verdict.ts';
import {
  afterCount,
  afterRefusedCount,
  afterRows,
  afterTooLarge,
  MAX_ANSWER_ROWS,
  type Plan,
  type PlanContext,
} from './plan.ts';
import { MAX_FAILURES, MAX_HEAVY, MAX_REFUSALS } from './run-limits.ts';
import type { CountedBin } from './spans.ts';
import { KNOWN_TABLES } from './tables.ts';

/** What became of one call. */
export type AskOutcome =
  | {
      readonly kind: 'rows';
      readonly rows: number;
      readonly bytes: number;
      readonly columns: readonly Column[];
      /** There are more rows than the customer may have. */
      readonly isCut: boolean;
    }
  | { readonly kind: 'bins'; readonly bins: readonly CountedBin[] }
  | { readonly kind: 'problem'; readonly problem: ApiProblem };

/** What follows for the run. */
export type Decision =
  /** Asks on. `keepsRows`: the rows of the call count. */
  | { readonly kind: 'go_on'; readonly run: HuntRun; readonly keepsRows: boolean }
  /** Waits before it asks again. */
  | { readonly kind: 'wait'; readonly run: HuntRun; readonly delayMs: number }
  /** Ends; `isEverywhere`: the query is wrong at every customer. */
  | {
      readonly kind: 'end';
      readonly run: HuntRun;
      readonly keepsRows: boolean;
      readonly isEverywhere: boolean;
    };

/** Decides what a run does after a call. */
export function decideAfter(run: HuntRun, context: PlanContext, outcome: AskOutcome): Decision {
  switch (outcome.kind) {
    case 'rows':
      return decideAfterRows(run, context, outcome);
    case 'bins':
      return run.plan.kind === 'count'
        ? toGoOn(run, afterCount(run.plan, outcome.bins, context))
        : toEnd(run, 'malformed');
    case 'problem':
      return decideAfterProblem(run, context, outcome.problem);
  }
}

/** Ends a run with what kept it from all rows, if anything did. */
export function toEnd(
  run: HuntRun,
  problem: HuntProblem | undefined,
  details: { refusal?: RefusedQuery; isEverywhere?: boolean; keepsRows?: boolean } = {},
): Decision & { kind: 'end' } {
  const { refusal, isEverywhere = false, keepsRows = false } = details;
  const ended = { ...run, problem, refusal: refusal ?? run.refusal };
  return { kind: 'end', run: ended, keepsRows, isEverywhere };
}

function decideAfterRows(
  run: HuntRun,
  context: PlanContext,
  { rows, bytes, isCut }: AskOutcome & { kind: 'rows' },
): Decision {
  const isFull = rows >= MAX_ANSWER_ROWS;
  if (isFull && !isCut && context.query.splitSource) {
    const smaller = afterTooLarge(run.plan, context);
    if (smaller && smaller.kind !== 'limited') return toGoOn(run, smaller);
  }
  const { plan, problem } = afterRows(run.plan, { rows, bytes });
  const known = isFull ? 'row_limit' : (problem ?? run.problem);
  const stored = { ...run, rows: run.rows + rows, failures: 0, throttledSince: undefined };
  if (isCut) return toEnd(stored, 'max_rows', { keepsRows: true });
  if (!plan) return toEnd(stored, known, { keepsRows: true });
  return { kind: 'go_on', run: { ...stored, plan, problem: known }, keepsRows: true };
}

function decideAfterProblem(run: HuntRun, context: PlanContext, problem: ApiProblem): Decision {
  switch (problem.kind) {
    case 'too_large':
      return toSmaller(run, context, 'result_too_large');
    case 'preempted':
    case 'timed_out':
      return decideAfterHeavy(run, context);
    case 'refused':
    case 'missing_column':
    case 'missing_table':
      return decideAfterRefusal(run, context, problem);
    case 'too_long':
      return toEnd(run, 'query_too_long');
    case 'forbidden':
      return toEnd(run, 'licence_missing');
    case 'unauthorized':
      return toRetry(run, 'unauthorized', MAX_REFUSALS);
    case 'unavailable':
    case 'malformed':
      return toRetry(run, problem.kind, MAX_FAILURES);
    case 'aborted':
    case 'throttled':
      return { kind: 'wait', run, delayMs: 0 };
  }
}

/** Pre-emption comes and goes; what is too much twice is asked in smaller pieces. */
function decideAfterHeavy(run: HuntRun, context: PlanContext): Decision {
  const failures = run.failures + 1;
  if (failures < MAX_HEAVY)
    return { kind: 'wait', run: { ...run, failures }, delayMs: toDelayMs('hunt.failed', failures) };
  if (!context.query.splitSource) return toEnd(run, 'too_heavy');
  return toSmaller(run, context, 'too_heavy');
}

function decideAfterRefusal(
  run: HuntRun,
  context: PlanContext,
  problem: ApiProblem & { kind: 'refused' | 'missing_column' | 'missing_table' },
): Decision {
  const { refusal } = problem;
  // A count is a question of our own: that it fails says nothing about the caller's.
  if (run.plan.kind === 'count') {
    const isMissing = problem.kind === 'missing_column' && problem.missing === run.plan.column;
    return toGoOn(run, afterRefusedCount(run.plan, context, isMissing));
  }
  if (problem.kind === 'missing_table') {
    const isKnown = KNOWN_TABLES.has(problem.missing);
    return toEnd(run, isKnown ? 'table_missing' : 'unknown_table', { refusal });
  }
  const isEverywhere = problem.kind === 'refused' && problem.isSyntax && run.plan.kind === 'whole';
  return toEnd(run, 'query_refused', { refusal, isEverywhere });
}

function toSmaller(run: HuntRun, context: PlanContext, problem: HuntProblem): Decision {
  const smaller = afterTooLarge(run.plan, context);
  return smaller ? toGoOn(run, smaller) : toEnd(run, problem);
}

function toRetry(run: HuntRun, problem: HuntProblem, most: number): Decision {
  const failures = run.failures + 1;
  if (failures >= most) return toEnd(run, problem);
  return { kind: 'wait', run: { ...run, failures }, delayMs: toDelayMs('hunt.failed', failures) };
}

function toGoOn(run: HuntRun, plan: Plan): Decision {
  return { kind: 'go_on', run: { ...run, plan, failures: 0 }, keepsRows: false };
}
