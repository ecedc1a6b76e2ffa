import type { IncidentPage, PageRow } from '../incident-source.ts';
import { canShrink, findOrder, followOrder, type SeenOrder } from './list-order.ts';
import type {
  LinkedScan,
  OpeningScan,
  OrderedScan,
  ProbingScan,
  Scan,
  UnorderedScan,
  WindowStep,
} from './scan.ts';
import { confirmProbe, continueBelow, toNextWindow } from './windows.ts';

/** Rows are counted, and the page before is known. */
type TiedScan = OrderedScan | UnorderedScan;

/**
 * Where a page leaves the walk: it goes on, it is complete, the list moved under it, or the API
 * ignores `$skip` or gives links without end, and only a smaller window needs neither.
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

/** The first page shows the order of the list. */
export function countFirst(scan: OpeningScan, page: IncidentPage, pageSize: number): Step {
  const order = findOrder(page.rows);
  return countOn({ ...scan, ...UNTIED, ...toOrderState(order) }, page, pageSize);
}

/** A page of a list in an order has to stand behind the page before. */
export function countOrdered(scan: OrderedScan, page: IncidentPage, pageSize: number): Step {
  const { order, tail, skip } = scan;
  // Where the list begins below an instant, it begins with what was read last.
  const wasRead = (row: PageRow) => skip === 0 || isIn(tail, row);
  const followed = followOrder(order, page.rows, wasRead);
  return followed ? countOn({ ...scan, order: followed }, page, pageSize) : { moved: true };
}

/** A page of a list without an order begins with a row of the page before. */
export function countUnordered(scan: UnorderedScan, page: IncidentPage, pageSize: number): Step {
  return countOn(scan, page, pageSize);
}

/** The first page behind a suspected instant: something can be read. */
export function countProbed(scan: ProbingScan, page: IncidentPage, pageSize: number): Step {
  return countOn(confirmProbe(scan), page, pageSize);
}

/** The page behind a link: the list ends where no link leads on, or to nothing new. */
export function followLink(scan: LinkedScan, page: IncidentPage): Step {
  return toLinked(scan, page);
}

const UNTIED = { tail: [], shared: 0 } as const;

function toOrderState(order: SeenOrder | undefined) {
  return order ? ({ state: 'ordered', order } as const) : ({ state: 'unordered' } as const);
}

/**
 * The step after a page whose rows are counted. In a list that shows its order and can't shrink,
 * the next page begins behind the last row; else it begins with that row as it was: if it does not,
 * something moved meanwhile and a row may have slipped through. A link can't tell that, so the
 * API's links are followed only where a page is short and yet not the last.
 */
function countOn(scan: TiedScan, page: IncidentPage, pageSize: number): Step {
  const { rows } = page;
  if (!tiesIn(scan, rows)) return { moved: true };
  if (rows.length < scan.top) return toLinked(scan, page);
  if (!bringsNews(scan.tail, rows)) return { stuck: true };
  const top = Math.min(2 * scan.top, pageSize);
  return { next: toNextPage({ ...scan, top, tail: toTail(rows), tooLarge: 0 }, rows.length) };
}

function toLinked(scan: TiedScan | LinkedScan, { rows, nextLink }: IncidentPage): Step {
  if (nextLink === undefined) return toNextWindow(scan);
  const { link, links } = scan.state === 'linked' ? scan : { link: undefined, links: 0 };
  // A page may be empty and yet not the last, unless it leads to itself.
  const leadsOn = rows.length === 0 ? nextLink !== link : bringsNews(scan.tail, rows);
  if (!leadsOn) return toNextWindow(scan);
  if (links >= MAX_LINKS) return { stuck: true };
  const { kind, source, startedAt, begin, from, to, skip, top } = scan;
  const place = { kind, source, startedAt, begin, from, to, skip, top, gone: [] };
  const tail = rows.length === 0 ? scan.tail : toTail(rows);
  return { next: { state: 'linked', ...place, link: nextLink, links: links + 1, tail } };
}

function tiesIn({ shared, tail }: TiedScan, [first]: readonly PageRow[]): boolean {
  return shared === 0 || (first !== undefined && isIn(tail, first));
}

function bringsNews(tail: readonly string[], rows: readonly PageRow[]): boolean {
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

function toNextPage(scan: TiedScan, count: number): Scan {
  const shared = scan.state === 'ordered' && !canShrink(scan.order) ? 0 : 1;
  const next = { ...scan, skip: scan.skip + count - shared, shared, gone: [] };
  if (next.state !== 'ordered' || next.skip <= MAX_SKIP) return next;
  return continueBelow(next) ?? next;
}
