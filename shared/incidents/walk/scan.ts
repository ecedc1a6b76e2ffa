import type { IncidentSourceName } from '../incident.ts';
import type { PageQuery } from '../incident-source.ts';
import { earlier, type Instant, shift, toInstant, toTime } from '../instant.ts';
import { beginBelow, type SeenOrder } from './list-order.ts';

/**
 * What a walk through the API's list is for. `changes` since the watermark, the first `backfill`,
 * or a daily `reconciliation`.
 */
export type ScanKind = 'backfill' | 'changes' | 'reconciliation';

/** A walk through the API's list that may go on in another message. */
export interface Scan {
  readonly kind: ScanKind;
  readonly source: IncidentSourceName;
  /** What is complete when it ends: everything up to this epoch time, less the safety lag. */
  readonly startedAt: number;
  /** Where the walk began … */
  readonly begin: Instant;
  /** … and the window that is under way; without `to` it is open. */
  readonly from: Instant;
  readonly to: Instant | undefined;
  readonly skip: number;
  readonly top: number;
  /** `none`: the list shows none that helps; `undefined`: it was not looked at yet. */
  readonly order: SeenOrder | 'none' | undefined;
  /** The API's own link to the next page, where rows can't be counted. */
  readonly link: string | undefined;
  /**
   * What the page before held, `<id> <last update>`, and how many of its rows the next one begins
   * with.
   */
  readonly tail: readonly string[];
  readonly shared: number;
  /** Targets of merges that this page leads to and that can't be had. */
  readonly gone: readonly string[];
  /**
   * The instant before this window, if it could not be read: it is given up when this window can.
   */
  readonly suspect: Instant | undefined;
  /** How many links were followed, and how many too large incidents stepped over, on end. */
  readonly links: number;
  readonly tooLarge: number;
}

/** Where nothing of a window was read yet. */
const UNREAD = {
  skip: 0,
  link: undefined,
  tail: [],
  shared: 0,
  gone: [],
  suspect: undefined,
  links: 0,
  tooLarge: 0,
} as const;

/** A walk from its beginning on, in the largest pages that the API gives. */
export function startScan({
  pageSize,
  ...plan
}: Pick<Scan, 'kind' | 'source' | 'startedAt' | 'from'> & { readonly pageSize: number }): Scan {
  return { ...plan, ...UNREAD, begin: plan.from, to: undefined, top: pageSize, order: undefined };
}

/** The next page of a walk. */
export function toQuery({ from, to, top, skip, link, order }: Scan): PageQuery {
  const below = typeof order === 'object' ? order.below : undefined;
  return { from, to, below, top, skip, link };
}

/** The walk from the beginning of its window, in no order: rows that come twice cost nothing. */
export function restart(scan: Scan): Scan {
  return { ...scan, ...UNREAD, order: 'none' };
}

/**
 * The walk from where it is, without a long `$skip`; `undefined`: its list has no order that would
 * allow it.
 */
export function continueBelow(scan: Scan): Scan | undefined {
  const order = typeof scan.order === 'object' ? beginBelow(scan.order) : undefined;
  return order && { ...restart(scan), order };
}

/**
 * The walk in a way that asks for less at a time; `undefined`: of a single instant there is no
 * less.
 */
export function shrinkWalk(scan: Scan): Scan | undefined {
  // Where a link leads is not known by its times.
  const below = scan.link === undefined ? continueBelow(scan) : undefined;
  return below ?? bisect(scan);
}

/** The half of a window that can't be walked to its end; `undefined`: it is a single instant. */
export function bisect(scan: Scan): Scan | undefined {
  const begin = toTime(scan.from);
  const end = scan.to === undefined ? scan.startedAt : toTime(scan.to);
  const half = Math.floor((end - begin) / 2);
  if (half < 1) return undefined;
  return { ...restart(scan), to: shift(scan.from, half) };
}

/** The step over a single instant that holds more than can be read. */
export function stepOverInstant(scan: Scan): WindowStep {
  return toNextWindow({ ...scan, to: scan.to ?? shift(scan.from, 1) });
}

/** The walk behind an instant that can't be read; `undefined`: nothing is behind it yet. */
export function skipSuspectInstant(scan: Scan): Scan | undefined {
  const step = stepOverInstant(scan);
  return 'next' in step ? { ...step.next, suspect: scan.from } : undefined;
}

/** The walk back at the instant that was stepped over, if it was. */
export function revisitSuspectInstant(scan: Scan): Scan | undefined {
  if (scan.suspect === undefined) return undefined;
  return { ...restart(scan), from: scan.suspect, to: scan.from };
}

/** What follows when a window was walked to its end. */
export type WindowStep = { readonly next: Scan } | { readonly done: true };

/**
 * Windows grow again where one page was enough, up to when the walk began. What was updated since
 * then is the next walk's: a window without an end could fill faster than it is read, and can't be
 * halved.
 */
export function toNextWindow(scan: Scan): WindowStep {
  if (scan.to === undefined || toTime(scan.to) >= scan.startedAt) return { done: true };
  const width = toTime(scan.to) - toTime(scan.from);
  const to = shift(scan.to, scan.skip === 0 ? 2 * width : width);
  const end = toInstant(scan.startedAt);
  return { next: { ...restart(scan), from: scan.to, to: earlier(to, end) } };
}

/**
 * A smaller page from where the walk is, for one that is too large; `undefined`: a single incident
 * is.
 */
export function shrinkTop(scan: Scan): Scan | undefined {
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
