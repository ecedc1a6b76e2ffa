import type { TimeSpan } from '../kql/edit-query.ts';
import { countByTime, limitRows, type SplittableQuery, selectSpan } from '../kql/edit-query.ts';
import type { ParsedQuery } from '../kql/parse-query.ts';
import type { HuntProblem } from '../verdict.ts';
import {
  type CountedBin,
  cutSpan,
  isDivisible,
  MAX_SPAN_ROWS,
  type PlannedSpan,
  planBlindly,
  planSpans,
  replanSpans,
  toBinMs,
  toTarget,
} from './spans.ts';

/** Rows that Microsoft answers at most: as many may be all, or not. */
export const MAX_ANSWER_ROWS = 100_000;

/**
 * Columns of time, in the order in which they are tried: Defender's tables have the first,
 * Sentinel's the second.
 */
export const TIME_COLUMNS = ['Timestamp', 'TimeGenerated'] as const;

/** A table's column of time. */
type TimeColumn = (typeof TIME_COLUMNS)[number];

/**
 * What a run asks next. It begins with the whole query. What is too large is counted, and then
 * asked span by span; where that can't be, as many rows are taken as fit.
 */
export type Plan =
  | { readonly kind: 'whole' }
  | { readonly kind: 'count'; readonly column: TimeColumn }
  | {
      readonly kind: 'spans';
      readonly column: TimeColumn;
      /** The first is the next. */
      readonly spans: readonly PlannedSpan[];
      /** About how many rows are asked for at once: what worked is remembered. */
      readonly target: number;
    }
  | { readonly kind: 'limited'; readonly take: number };

/**
 * What plans are made for: the query, the time that it is about, and what `now()` is in its parts.
 */
export interface PlanContext {
  readonly query: ParsedQuery;
  readonly span: TimeSpan;
  /** Nobody said what time it is about: it is as far as Microsoft looks back. */
  readonly isOpen: boolean;
  readonly now: number;
  readonly maxRows: number;
}

/**
 * The plan after a step; without a plan nothing is left to ask. `problem`: rows are missing, and
 * why.
 */
interface NextPlan {
  readonly plan: Plan | undefined;
  readonly problem?: HuntProblem;
}

/** The query of a step. */
export function toStepQuery(plan: Plan, { query, span, now, maxRows }: PlanContext): string {
  switch (plan.kind) {
    case 'whole':
      // One more than is kept says that there are more.
      return maxRows < MAX_ANSWER_ROWS ? limitRows(query, maxRows + 1) : query.text;
    case 'count':
      return countByTime(toSplittable(query), { span, column: plan.column, now }, toBinMs(span));
    case 'limited':
      return limitRows(query, plan.take);
    case 'spans': {
      const [first] = plan.spans;
      const request = { span: first ?? span, column: plan.column, now };
      if (first?.take === undefined) return selectSpan(toSplittable(query), request);
      return limitRows(withText(query, selectSpan(toSplittable(query), request)), first.take);
    }
  }
}

/** After rows were stored. */
export function afterRows(
  plan: Plan,
  stored: { readonly rows: number; readonly bytes: number },
): NextPlan {
  if (plan.kind === 'limited') return { plan: undefined, ...toCutProblem(plan, stored.rows) };
  if (plan.kind !== 'spans') return { plan: undefined };
  const [done, ...rest] = plan.spans;
  const problem = toCutProblem(done, stored.rows);
  if (rest.length === 0) return { plan: undefined, ...problem };
  const target = stored.rows === 0 ? plan.target : toTarget(stored);
  const spans = replanSpans(rescale(rest, done?.rows, stored.rows), target);
  return { plan: { ...plan, spans, target }, ...problem };
}

/** After the bins of a count. */
export function afterCount(
  plan: Plan & { kind: 'count' },
  bins: readonly CountedBin[],
  { span }: PlanContext,
): Plan {
  const { column } = plan;
  const target = MAX_SPAN_ROWS / 2;
  return { kind: 'spans', column, spans: planSpans(span, bins, target), target };
}

/**
 * After a count that was refused: the other column of time, or parts of equal length, or what fits.
 */
export function afterRefusedCount(
  { column }: Plan & { kind: 'count' },
  context: PlanContext,
  isColumnMissing: boolean,
): Plan {
  if (!isColumnMissing) {
    return { kind: 'spans', column, spans: planBlindly(context.span), target: MAX_SPAN_ROWS };
  }
  const next = TIME_COLUMNS[TIME_COLUMNS.indexOf(column) + 1];
  return next === undefined ? toLimited(context) : { kind: 'count', column: next };
}

/**
 * After an answer that was too large, or took too much. `undefined`: there is no smaller question.
 */
export function afterTooLarge(plan: Plan, context: PlanContext): Plan | undefined {
  switch (plan.kind) {
    case 'whole':
      return context.query.splitSource
        ? { kind: 'count', column: TIME_COLUMNS[0] }
        : toLimited(context);
    case 'count':
      return afterRefusedCount(plan, context, false);
    case 'limited':
      return plan.take > 1 ? { kind: 'limited', take: Math.ceil(plan.take / 4) } : undefined;
    case 'spans':
      return afterTooLargeSpan(plan);
  }
}

/** As many rows as were asked for: there may be more. */
function toCutProblem(asked: { readonly take?: number } | undefined, rows: number) {
  return asked?.take === rows ? { problem: 'result_too_large' as const } : {};
}

function afterTooLargeSpan(plan: Plan & { kind: 'spans' }): Plan | undefined {
  const [first, ...rest] = plan.spans;
  if (!first) return undefined;
  if (isDivisible(first)) {
    const target = Math.max(1, Math.floor(Math.min(plan.target, first.rows ?? plan.target) / 2));
    const parts = Math.max(2, Math.ceil((first.rows ?? 0) / target));
    return { ...plan, target, spans: [...cutSpan(first, parts), ...replanSpans(rest, target)] };
  }
  const take = Math.ceil((first.take ?? MAX_ANSWER_ROWS) / 4);
  return take === first.take ? undefined : { ...plan, spans: [{ ...first, take }, ...rest] };
}

function toLimited({ maxRows }: PlanContext): Plan {
  return { kind: 'limited', take: Math.min(maxRows, MAX_SPAN_ROWS / 2) };
}

/**
 * Counts leave out what the query filters after a projection: what came says how far they are off.
 */
function rescale(
  spans: readonly PlannedSpan[],
  counted: number | undefined,
  came: number,
): readonly PlannedSpan[] {
  if (counted === undefined || counted < 1000) return spans;
  const factor = Math.max(came, 1) / counted;
  return spans.map((span) =>
    span.rows === undefined ? span : { ...span, rows: Math.ceil(span.rows * factor) },
  );
}

/** Only plans of queries that can be split count and cut. */
function toSplittable(query: ParsedQuery): SplittableQuery {
  if (!query.splitSource) throw new Error('The query can not be split.');
  return { ...query, splitSource: query.splitSource };
}

/** A condition of one span makes a query longer before its end only. */
function withText(query: ParsedQuery, text: string): ParsedQuery {
  return { ...query, text, end: query.end + text.length - query.text.length };
}
