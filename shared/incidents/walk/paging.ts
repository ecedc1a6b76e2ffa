import type { IncidentPage, PageRow } from '../incident-source.ts';
import { canShrink, findOrder, followOrder } from './list-order.ts';
import { continueBelow, type Scan, toNextWindow, type WindowStep } from './scan.ts';

/**
 * Where a page leaves the walk: it goes on, it is complete, the list moved under it, or the API
 * pays no heed to `$skip` or gives links without end, and only a smaller window needs neither.
 */
export type Step = WindowStep | { readonly moved: true } | { readonly stuck: true };

/** So many short pages with links on end are no list any more. */
const MAX_LINKS = 50;

/**
 * As many rows as a page may have: the tenant's state is one row, and has to hold their versions
 * however many there are.
 */
const MAX_TAIL_COUNT = 100;

/** `$skip` ends here by Graph's page on the limits of security queries. */
const MAX_SKIP = 500;

/**
 * The step after a page. Rows are counted. In a list that shows its order and can't shrink, the
 * next page begins behind the last row; else it begins with that row as it was: if it does not,
 * something moved meanwhile and a row may have slipped through. A link can't tell that, so the
 * API's links are followed only where a page is short and yet not the last.
 */
export function toStep(scan: Scan, page: IncidentPage, pageSize: number): Step {
  const { rows } = page;
  if (scan.link !== undefined) return toLinked(scan, page);
  const order = toOrder(scan, rows);
  if (order === undefined || !tiesIn(scan, rows)) return { moved: true };
  const isNew = bringsNews(scan, rows);
  if (rows.length < scan.top) return toLinked({ ...scan, order }, page);
  if (!isNew) return { stuck: true };
  const top = Math.min(2 * scan.top, pageSize);
  const read = { ...scan, order, top, tail: toTail(rows), tooLarge: 0 };
  return { next: toNextPage(read, rows.length) };
}

function toLinked(scan: Scan, { rows, nextLink }: IncidentPage): Step {
  if (nextLink === undefined) return toNextWindow(scan);
  // A page may be empty and yet not the last, unless it leads to itself.
  const leadsOn = rows.length === 0 ? nextLink !== scan.link : bringsNews(scan, rows);
  if (!leadsOn) return toNextWindow(scan);
  const links = scan.links + 1;
  const tail = rows.length === 0 ? scan.tail : toTail(rows);
  const next = { ...scan, link: nextLink, tail, gone: [], links };
  return links > MAX_LINKS ? { stuck: true } : { next };
}

function toOrder({ order, tail, skip }: Scan, rows: readonly PageRow[]): Scan['order'] {
  if (order === undefined) return findOrder(rows) ?? 'none';
  if (order === 'none') return order;
  // Where the list begins below an instant, it begins with what was read last.
  return followOrder(order, rows, (row) => skip === 0 || isIn(tail, row));
}

function tiesIn({ shared, tail }: Scan, [first]: readonly PageRow[]): boolean {
  return shared === 0 || (first !== undefined && isIn(tail, first));
}

function bringsNews({ tail }: Scan, rows: readonly PageRow[]): boolean {
  const ids = new Set(tail.map((version) => version.split(' ', 1)[0]));
  return tail.length === 0 || rows.slice(-MAX_TAIL_COUNT).some(({ id }) => !ids.has(id));
}

/** A row that was updated since may stand anywhere: it does not tell where the others are. */
function isIn(tail: readonly string[], row: PageRow): boolean {
  return tail.includes(toVersion(row));
}

function toTail(rows: readonly PageRow[]): readonly string[] {
  return rows.slice(-MAX_TAIL_COUNT).map(toVersion);
}

function toVersion({ id, updated }: PageRow): string {
  return `${id} ${updated ?? ''}`;
}

function toNextPage(scan: Scan, count: number): Scan {
  const { order } = scan;
  const shared = typeof order === 'object' && !canShrink(order) ? 0 : 1;
  const next = { ...scan, skip: scan.skip + count - shared, shared, gone: [] };
  return next.skip > MAX_SKIP ? (continueBelow(next) ?? next) : next;
}
