import type { IncidentSourceName } from '../incident.ts';
import type { IncidentPage, PageQuery, SetAside } from '../incident-source.ts';
import { earlier, type Instant, shift, toInstant, toTime } from '../instant.ts';
import type { Coverage, Scan, ScanKind } from './sync-state.ts';

/** Items show up in the list later than their last update says ("appears later than its timestamp", wazuh#24323). */
export const OVERLAP = 10 * 60_000;

/** Clocks differ and indexing takes its time: nobody's last minutes are called complete. */
export const LAG = 2 * 60_000;

/** What came later than the overlap is found by reading two days again once a day. */
const RECONCILED_WINDOW = 48 * 60 * 60_000;
const RECONCILED_AGE = 24 * 60 * 60_000;

/** So many links on end are no list any more: they may run in a circle. */
const MOST_PAGES = 400;

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
    link: undefined,
    followsLinks: true,
    tail: [],
    pages: 0,
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
  if (!coverage) return { kind: 'backfill', from: toInstant(now - backfillMs) };
  const from = shift(coverage.completeUpTo, -OVERLAP);
  const isReconciled = now - (coverage.reconciledAt ?? 0) < RECONCILED_AGE;
  if (isReconciled && coverage.source === source) return { kind: 'changes', from };
  return { kind: 'reconciliation', from: earlier(from, toInstant(now - RECONCILED_WINDOW)) };
}

/** The next page of a walk. */
export function toQuery({ from, to, top, skip, link }: Scan): PageQuery {
  return { from, to, top, skip, link };
}

/** Where a page leaves the walk: it goes on, it is complete, or the list moved under it. */
export type Step = { readonly next: Scan } | { readonly done: true } | { readonly moved: true };

/**
 * The step after a page. Without links, each page begins with the last row of the page before: if it does not,
 * something left the list meanwhile and a row may have slipped through.
 */
export function toStep(scan: Scan, { ids, nextLink, setAside }: IncidentPage): Step {
  if (!tiesIn(scan, ids)) return { moved: true };
  const pages = scan.pages + 1;
  const isCircle = nextLink !== undefined && pages >= MOST_PAGES;
  if (scan.followsLinks && (isCircle || setAside.some(isForeignLink))) {
    return { next: withoutLinks(scan) };
  }
  if (nextLink !== undefined && scan.followsLinks) {
    return { next: { ...scan, link: nextLink, tail: [], pages } };
  }
  const isLast = scan.link !== undefined || ids.length < scan.top;
  if (isLast) return toNextWindow(scan);
  const overlap = scan.top > 1 ? 1 : 0;
  const skip = scan.skip + ids.length - overlap;
  return { next: { ...scan, skip, tail: ids, pages } };
}

function isForeignLink({ reason }: SetAside): boolean {
  return reason === 'foreign_link';
}

function tiesIn({ skip, top, link, tail }: Scan, [first]: readonly string[]): boolean {
  if (skip === 0 || link !== undefined || top === 1) return true;
  return first !== undefined && tail.includes(first);
}

/** The walk from the beginning of its window: rows that come twice cost nothing. */
export function toBeginning(scan: Scan): Scan {
  return { ...scan, skip: 0, link: undefined, tail: [], pages: 0 };
}

/** The walk that counts rows itself, where the API's links lead nowhere. */
export function withoutLinks(scan: Scan): Scan {
  return { ...toBeginning(scan), followsLinks: false };
}

/** The half of a window that can't be walked to its end; `undefined`: it is a single instant. */
export function toSmaller(scan: Scan): { next: Scan } | undefined {
  const begin = toTime(scan.from);
  const end = scan.to === undefined ? scan.startedAt : toTime(scan.to);
  const half = Math.floor((end - begin) / 2);
  if (half < 1) return undefined;
  return { next: { ...withoutLinks(scan), to: shift(scan.from, half) } };
}

/** The step over a single instant that holds more than can be read. */
export function toBeyond(scan: Scan): Step {
  return toNextWindow({ ...scan, to: scan.to ?? shift(scan.from, 1) });
}

/** Windows grow again while they can be walked, up to the open one that ends the walk. */
function toNextWindow(scan: Scan): Step {
  if (scan.to === undefined) return { done: true };
  const width = toTime(scan.to) - toTime(scan.from);
  const to = shift(scan.to, 2 * width);
  const isLast = toTime(to) >= scan.startedAt;
  return { next: { ...toBeginning(scan), from: scan.to, to: isLast ? undefined : to } };
}

/** Smaller pages, for a list whose page is too large; `undefined`: a single incident is. */
export function toSmallerPages(scan: Scan): Scan | undefined {
  if (scan.top === 1) return undefined;
  return { ...toBeginning(scan), top: Math.ceil(scan.top / 4) };
}

/** Whether nothing would be lost if the walk were planned anew. */
export function isUntouched({ begin, from, to, skip, link }: Scan): boolean {
  return from === begin && to === undefined && skip === 0 && link === undefined;
}
