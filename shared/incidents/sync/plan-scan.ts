import type { IncidentSourceName } from '../incident.ts';
import { earlier, type Instant, shift, toInstant } from '../instant.ts';
import { type Scan, type ScanKind, startScan } from '../walk/scan.ts';
import type { Coverage } from './coverage.ts';

/** Items show up in the list later than their last update says ("appears later than its timestamp", wazuh#24323). */
export const OVERLAP = 10 * 60_000;

/** What came later than the overlap is found by reading two days again once a day, and more after a pause. */
const RECONCILED_WINDOW = 48 * 60 * 60_000;
const RECONCILED_AGE = 24 * 60 * 60_000;

/** The walk that is due now, from what is complete. */
export function planScan({
  coverage,
  source,
  pageSize,
  backfillMs,
  now,
}: {
  coverage: Coverage | undefined;
  source: IncidentSourceName;
  pageSize: number;
  backfillMs: number;
  now: number;
}): Scan {
  const { kind, from } = toStart({ coverage, source, backfillMs, now });
  return startScan({ kind, source, startedAt: now, from, pageSize });
}

function toStart({
  coverage,
  source,
  backfillMs,
  now,
}: {
  coverage: Coverage | undefined;
  source: IncidentSourceName;
  backfillMs: number;
  now: number;
}): { kind: ScanKind; from: Instant } {
  // What a clock that was ahead called complete is not known to be.
  const isKnown = coverage && coverage.completeUpTo <= toInstant(now + OVERLAP);
  if (!isKnown) return { kind: 'backfill', from: toInstant(now - backfillMs) };
  const from = shift(coverage.completeUpTo, -OVERLAP);
  const isReconciled = now - (coverage.reconciledAt ?? 0) < RECONCILED_AGE;
  if (isReconciled && coverage.source === source) return { kind: 'changes', from };
  const before = (coverage.reconciledAt ?? now) + RECONCILED_AGE - RECONCILED_WINDOW;
  return { kind: 'reconciliation', from: earlier(from, toInstant(before)) };
}
