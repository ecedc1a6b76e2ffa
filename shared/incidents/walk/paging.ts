import type { IncidentPage, PageRow } from '../incident-source.ts';
import { canShrink, findOrder, followOrder, type SeenOrder } from './list-order.ts';
import type {
  LinkedWalk,
  OpeningWalk,
  OrderedWalk,
  ProbingWalk,
  UnorderedWalk,
  Walk,
  WindowStep,
} from './walk.ts';
import { confirmProbe, continueBelow, toNextWindow } from './windows.ts';

/** Rows are counted, and the page before is known. */
type FollowingWalk = OrderedWalk | UnorderedWalk;

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
const MAX_PREVIOUS_ROWS_COUNT = 100;

/** `$skip` ends here by Graph's page on the limits of security queries. */
const MAX_SKIP = 500;

/** The first page shows the order of the list. */
export function countFirst(walk: OpeningWalk, page: IncidentPage, pageSize: number): Step {
  const order = findOrder(page.rows);
  return countOn({ ...walk, ...NO_PREVIOUS_PAGE, ...toOrderState(order) }, page, pageSize);
}

/** A page of a list in an order has to stand behind the page before. */
export function countOrdered(walk: OrderedWalk, page: IncidentPage, pageSize: number): Step {
  const { order, previousPage, skip } = walk;
  // Where the list begins below an instant, it begins with what was read last.
  const wasRead = (row: PageRow) => skip === 0 || isIn(previousPage, row);
  const followed = followOrder(order, page.rows, wasRead);
  return followed ? countOn({ ...walk, order: followed }, page, pageSize) : { moved: true };
}

/** A page of a list without an order begins with a row of the page before. */
export function countUnordered(walk: UnorderedWalk, page: IncidentPage, pageSize: number): Step {
  return countOn(walk, page, pageSize);
}

/** The first page behind a suspected instant: something can be read. */
export function countProbed(walk: ProbingWalk, page: IncidentPage, pageSize: number): Step {
  return countOn(confirmProbe(walk), page, pageSize);
}

/** The page behind a link: the list ends where no link leads on, or to nothing new. */
export function followLink(walk: LinkedWalk, page: IncidentPage): Step {
  return toLinked(walk, page);
}

const NO_PREVIOUS_PAGE = { previousPage: [], overlapRows: 0 } as const;

function toOrderState(order: SeenOrder | undefined) {
  return order ? ({ state: 'ordered', order } as const) : ({ state: 'unordered' } as const);
}

/**
 * The step after a page whose rows are counted. In a list that shows its order and can't shrink,
 * the next page begins behind the last row; else it begins with that row as it was: if it does not,
 * something moved meanwhile and a row may have slipped through. A link can't tell that, so the
 * API's links are followed only where a page is short and yet not the last.
 */
function countOn(walk: FollowingWalk, page: IncidentPage, pageSize: number): Step {
  const { rows } = page;
  if (!beginsWithOverlap(walk, rows)) return { moved: true };
  if (rows.length < walk.top) return toLinked(walk, page);
  if (!bringsNews(walk.previousPage, rows)) return { stuck: true };
  const top = Math.min(2 * walk.top, pageSize);
  return {
    next: toNextPage(
      { ...walk, top, previousPage: toPreviousPage(rows), tooLarge: 0 },
      rows.length,
    ),
  };
}

function toLinked(walk: FollowingWalk | LinkedWalk, { rows, nextLink }: IncidentPage): Step {
  if (nextLink === undefined) return toNextWindow(walk);
  const { link, links } = walk.state === 'linked' ? walk : { link: undefined, links: 0 };
  // A page may be empty and yet not the last, unless it leads to itself.
  const leadsOn = rows.length === 0 ? nextLink !== link : bringsNews(walk.previousPage, rows);
  if (!leadsOn) return toNextWindow(walk);
  if (links >= MAX_LINKS) return { stuck: true };
  const { kind, source, startedAt, begin, from, to, skip, top } = walk;
  const place = { kind, source, startedAt, begin, from, to, skip, top, missingTargets: [] };
  const previousPage = rows.length === 0 ? walk.previousPage : toPreviousPage(rows);
  return { next: { state: 'linked', ...place, link: nextLink, links: links + 1, previousPage } };
}

function beginsWithOverlap(
  { overlapRows, previousPage }: FollowingWalk,
  [first]: readonly PageRow[],
): boolean {
  return overlapRows === 0 || (first !== undefined && isIn(previousPage, first));
}

function bringsNews(previousPage: readonly string[], rows: readonly PageRow[]): boolean {
  const ids = new Set(previousPage.map((version) => version.split(' ', 1)[0]));
  return (
    previousPage.length === 0 || rows.slice(-MAX_PREVIOUS_ROWS_COUNT).some(({ id }) => !ids.has(id))
  );
}

/** A row that was updated since may stand anywhere: it does not tell where the others are. */
function isIn(previousPage: readonly string[], row: PageRow): boolean {
  return previousPage.includes(toVersion(row));
}

function toPreviousPage(rows: readonly PageRow[]): readonly string[] {
  return rows.slice(-MAX_PREVIOUS_ROWS_COUNT).map(toVersion);
}

function toVersion({ id, updated }: PageRow): string {
  return `${id} ${updated ?? ''}`;
}

function toNextPage(walk: FollowingWalk, count: number): Walk {
  const overlapRows = walk.state === 'ordered' && !canShrink(walk.order) ? 0 : 1;
  const next = { ...walk, skip: walk.skip + count - overlapRows, overlapRows, missingTargets: [] };
  if (next.state !== 'ordered' || next.skip <= MAX_SKIP) return next;
  return continueBelow(next) ?? next;
}
