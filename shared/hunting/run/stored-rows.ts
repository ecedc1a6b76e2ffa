import type { Column, Hunt, HuntProgress, HuntRun, ResultPart } from '../hunt.ts';
import { mergeColumns } from '../results/columns.ts';
import { toHuntVerdict } from '../verdict.ts';
import type { Asked } from './ask.ts';
import type { Decision } from './decide.ts';
import { admitRuns, endRun, type ProgressStep } from './progress.ts';

/** Rows that were stored, and are to count with the next write. */
export interface NewRows {
  readonly part: NonNullable<Asked['part']>;
  readonly count: number;
  readonly columns: readonly Column[];
}

/** A run with its rows counted in. */
interface Counted {
  readonly run: HuntRun;
  readonly progress: HuntProgress;
  /** `undefined`: no rows came, or the hunt has all that it may have. */
  readonly part: ResultPart | undefined;
  readonly isEnd: boolean;
  readonly isEverywhere: boolean;
}

/**
 * Counts rows into a run and its hunt; what is over the hunt's limit is left out, and ends the run.
 */
export function countRows(
  { maxTotalRows }: Hunt,
  progress: HuntProgress,
  {
    decision,
    rows,
  }: {
    readonly decision: Decision & { kind: 'go_on' | 'end' };
    readonly rows: NewRows | undefined;
  },
): Counted {
  const isEverywhere = decision.kind === 'end' && decision.isEverywhere;
  const common = { isEverywhere, isEnd: decision.kind === 'end' };
  if (!rows) return { ...common, run: decision.run, progress, part: undefined };
  const count = Math.min(rows.count, Math.max(0, maxTotalRows - progress.rows));
  const isOver = count < rows.count;
  const run = {
    ...decision.run,
    rows: decision.run.rows - rows.count + count,
    problem: isOver ? 'max_total_rows' : decision.run.problem,
  } as const;
  const columns = mergeColumns(progress.columns, rows.columns);
  if (count === 0) {
    return {
      ...common,
      isEnd: common.isEnd || isOver,
      run,
      progress: { ...progress, columns },
      part: undefined,
    };
  }
  const number = progress.lastPart + 1;
  const next = { ...progress, lastPart: number, rows: progress.rows + count, columns };
  return {
    ...common,
    isEnd: common.isEnd || isOver,
    run,
    progress: next,
    part: toPart(run, rows, { number, count }),
  };
}

/** The write that ends a run: its lease is given back, and others begin. */
export function toEndedStep(
  { run, progress, isEverywhere }: Counted,
  { window, now }: { window: number; now: number },
): { run: HuntRun; step: ProgressStep } {
  const ended = { ...run, endedAt: now, lease: undefined };
  const verdict = toHuntVerdict(run.problem);
  const refusal = isEverywhere ? run.refusal : undefined;
  const next = endRun(progress, { verdict, refusal, now });
  return { run: ended, step: admitRuns(next, window) };
}

function toPart(
  { huntId, tenantId = '' }: HuntRun,
  { part: { blob, chunks }, columns }: NewRows,
  { number, count }: { number: number; count: number },
): ResultPart {
  return { huntId, number, tenantId, columns, rows: count, blob, chunks };
}
