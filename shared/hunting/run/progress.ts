import type { HuntProgress, RefusedQuery } from '../hunt.ts';
import type { HuntVerdict } from '../verdict.ts';

/** A hunt's progress after a run changed, and the runs whose turn it is now. */
export interface ProgressStep {
  readonly progress: HuntProgress;
  /** Indices of runs that are to be sent to the queue. */
  readonly admitted: readonly number[];
}

/** The progress of a hunt that begins: the first `ended` of its runs ended before it began. */
export function createProgress(total: number, ended: number, now: number): HuntProgress {
  return {
    total,
    started: ended,
    waiting: 0,
    ended,
    lastPart: 0,
    rows: 0,
    columns: [],
    verdicts: ended === 0 ? {} : { not_granted: ended },
    cancelledAt: undefined,
    finishedAt: ended === total ? now : undefined,
    refusal: undefined,
  };
}

/**
 * Lets runs begin until `window` are under way. A run that waits for Microsoft does not count: its
 * place is another's.
 */
export function admitRuns(progress: HuntProgress, window: number): ProgressStep {
  const underWay = progress.started - progress.ended - progress.waiting;
  const free = Math.max(0, window - underWay);
  const count = Math.min(free, progress.total - progress.started);
  const admitted = Array.from({ length: count }, (_, index) => progress.started + index);
  return { progress: { ...progress, started: progress.started + count }, admitted };
}

/** After a run began to wait (1), or ended its waiting (-1). */
export function addWaiting(progress: HuntProgress, by: 1 | -1): HuntProgress {
  return { ...progress, waiting: Math.max(0, progress.waiting + by) };
}

/** After a run ended; a query that is wrong at one customer is wrong at all. */
export function endRun(
  progress: HuntProgress,
  {
    verdict,
    refusal,
    now,
  }: { verdict: HuntVerdict; refusal: RefusedQuery | undefined; now: number },
): HuntProgress {
  const ended = progress.ended + 1;
  const count = (progress.verdicts[verdict] ?? 0) + 1;
  return {
    ...progress,
    ended,
    verdicts: { ...progress.verdicts, [verdict]: count },
    finishedAt: ended >= progress.total ? now : progress.finishedAt,
    refusal: progress.refusal ?? refusal,
  };
}
