import type { IncidentSourceName } from '../../resources/incident-sources.ts';
import { DAY, HOUR, MINUTE } from '../../time.ts';
import { earlier, type Instant, shift, toInstant, toTime } from '../instant.ts';
import { startWalk, type Walk, type WalkKind } from '../walk/walk.ts';
import { type Coverage, isPlausible } from './coverage.ts';
import { findRereadFrom, type SkippedIncident } from './skipped.ts';

/**
 * Items show up in the list later than their last update says ("appears later than its timestamp",
 * wazuh#24323).
 */
const OVERLAP = 10 * MINUTE;

/**
 * What came later than the overlap is found by reading two days again once a day, and more after a
 * pause.
 */
const RECONCILED_WINDOW = 48 * HOUR;
const RECONCILED_AGE = DAY;

/** What a walk is planned from. */
interface WalkPlan {
  readonly coverage: Coverage | undefined;
  readonly skipped: readonly SkippedIncident[];
  readonly source: IncidentSourceName;
  readonly backfillMs: number;
  readonly now: number;
}

/** The walk that is due now, from what is complete. */
export function planWalk({ pageSize, ...plan }: WalkPlan & { readonly pageSize: number }): Walk {
  const { source, now } = plan;
  return startWalk({ ...toStart(plan), source, startedAt: now, pageSize });
}

function toStart({ coverage, skipped, source, backfillMs, now }: WalkPlan): {
  kind: WalkKind;
  from: Instant;
} {
  // What a clock that was ahead called complete is not known to be.
  const isKnown = coverage && isPlausible(toTime(coverage.completeUpTo), now);
  if (!isKnown) return { kind: 'backfill', from: toInstant(now - backfillMs) };
  const from = shift(coverage.completeUpTo, -OVERLAP);
  // What is not known is as long ago as it may be.
  const longAgo = now - RECONCILED_AGE;
  const { reconciledAt = longAgo } = coverage;
  const lastTime = isPlausible(reconciledAt, now) ? reconciledAt : longAgo;
  const isReconciled = now - lastTime < RECONCILED_AGE;
  const missed = findRereadFrom(skipped, now);
  if (isReconciled && coverage.source === source && !missed) return { kind: 'changes', from };
  const before = lastTime + RECONCILED_AGE - RECONCILED_WINDOW;
  const usual = earlier(from, toInstant(before));
  return { kind: 'reconciliation', from: missed ? earlier(usual, missed) : usual };
}
