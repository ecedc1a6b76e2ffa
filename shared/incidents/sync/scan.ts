import type { IncidentSourceName } from '../incident.ts';
import type { PageQuery } from '../incident-source.ts';
import { earlier, type Instant, shift, toInstant, toTime } from '../instant.ts';
import { beginBelow } from './list-order.ts';
import type { Coverage, Scan, ScanKind } from './sync-state.ts';

/** Items show up in the list later than their last update says ("appears later than its timestamp", wazuh#24323). */
export const OVERLAP = 10 * 60_000;

/** Clocks differ and indexing takes its time: nobody's last minutes are called complete. */
export const LAG = 2 * 60_000;

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
  return {
    kind,
    source,
    startedAt: now,
    begin: from,
    from,
    to: undefined,
    skip: 0,
    top: pageSize,
    order: undefined,
    link: undefined,
    tail: [],
    shared: 0,
    hops: 0,
  };
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

/** The next page of a walk. */
export function toQuery({ from, to, top, skip, link, order }: Scan): PageQuery {
  const below = typeof order === 'object' ? order.below : undefined;
  return { from, to, below, top, skip, link };
}

/** The walk from the beginning of its window, in no order: rows that come twice cost nothing. */
export function toBeginning(scan: Scan): Scan {
  return { ...scan, skip: 0, order: 'none', link: undefined, tail: [], shared: 0, hops: 0 };
}

/** The walk from where it is, without a long `$skip`; `undefined`: its list has no order that would allow it. */
export function toBelow(scan: Scan): Scan | undefined {
  const order = typeof scan.order === 'object' ? beginBelow(scan.order) : undefined;
  return order && { ...toBeginning(scan), order };
}

/** The half of a window that can't be walked to its end; `undefined`: it is a single instant. */
export function toSmaller(scan: Scan): { next: Scan } | undefined {
  const begin = toTime(scan.from);
  const end = scan.to === undefined ? scan.startedAt : toTime(scan.to);
  const half = Math.floor((end - begin) / 2);
  if (half < 1) return undefined;
  return { next: { ...toBeginning(scan), to: shift(scan.from, half) } };
}

/** The step over a single instant that holds more than can be read. */
export function toBeyond(scan: Scan): WindowStep {
  return toNextWindow({ ...scan, to: scan.to ?? shift(scan.from, 1) });
}

/** What follows when a window was walked to its end. */
export type WindowStep = { readonly next: Scan } | { readonly done: true };

/**
 * Windows grow again where one page was enough, up to when the walk began. What was updated since then is the next
 * walk's: a window without an end could fill faster than it is read, and can't be halved.
 */
export function toNextWindow(scan: Scan): WindowStep {
  if (scan.to === undefined || toTime(scan.to) >= scan.startedAt) return { done: true };
  const width = toTime(scan.to) - toTime(scan.from);
  const to = shift(scan.to, scan.skip === 0 ? 2 * width : width);
  const end = toInstant(scan.startedAt);
  return { next: { ...toBeginning(scan), from: scan.to, to: earlier(to, end) } };
}

/** A smaller page from where the walk is, for one that is too large; `undefined`: a single incident is. */
export function toSmallerPage(scan: Scan): Scan | undefined {
  if (scan.top === 1) return undefined;
  const top = Math.ceil(scan.top / 4);
  if (top > 1) return { ...scan, top };
  // A page of one row has no room for one that is read already.
  return { ...scan, top, skip: scan.skip + scan.shared, shared: 0 };
}

/** Whether the window is asked for in the plainest way: nothing can be left out of the request. */
export function isFirstPage(scan: Scan): boolean {
  const { below, skip, link } = toQuery(scan);
  return below === undefined && skip === 0 && link === undefined;
}

/** Whether nothing would be lost if the walk were planned anew. */
export function isUntouched(scan: Scan): boolean {
  return scan.from === scan.begin && scan.to === undefined && isFirstPage(scan);
}
