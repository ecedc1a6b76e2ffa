import type { IncidentPage } from '../incident-source.ts';
import { toNextWindow, type WindowStep } from './scan.ts';
import type { Scan } from './sync-state.ts';

/**
 * Where a page leaves the walk: it goes on, it is complete, the list moved under it, or the API pays no heed to `$skip`
 * or gives links without end, and only a smaller window needs neither.
 */
export type Step = WindowStep | { readonly moved: true } | { readonly stuck: true };

/** So many short pages with links on end are no list any more. */
const MOST_HOPS = 50;

/** As many rows as a page may have: the tenant's state is one row, and has to hold their ids however many there are. */
const MOST_TAIL = 100;

/**
 * The step after a page. Rows are counted, and each page begins with the last row of the page before: if it does not,
 * something left the list meanwhile and a row may have slipped through. A link can't tell that, so the API's links are
 * followed only where a page is short and yet not the last.
 */
export function toStep(scan: Scan, page: IncidentPage): Step {
  const { ids, nextLink } = page;
  if (!tiesIn(scan, ids)) return { moved: true };
  const tail = ids.slice(-MOST_TAIL);
  const isNew = scan.tail.length === 0 || tail.some((id) => !scan.tail.includes(id));
  const isFull = ids.length >= scan.top && scan.link === undefined;
  if (isFull) return isNew ? { next: toNextPage(scan, ids) } : { stuck: true };
  if (nextLink === undefined || !isNew) return toNextWindow(scan);
  const hops = scan.hops + 1;
  return hops > MOST_HOPS ? { stuck: true } : { next: { ...scan, link: nextLink, tail, hops } };
}

function tiesIn({ skip, top, link, tail }: Scan, [first]: readonly string[]): boolean {
  if (skip === 0 || link !== undefined || top === 1) return true;
  return first !== undefined && tail.includes(first);
}

function toNextPage(scan: Scan, ids: readonly string[]): Scan {
  const overlap = scan.top > 1 ? 1 : 0;
  const skip = scan.skip + ids.length - overlap;
  return { ...scan, skip, tail: ids.slice(-MOST_TAIL), hops: 0 };
}
