import { LIST_ORDERS, type ListOrder, type PageQuery, type PageRow } from '../incident-source.ts';
import type { Instant } from '../instant.ts';

/**
 * What a list is ordered by, as its pages show it, the newest first. Then a row that changes moves
 * only towards the front, or not at all, and what is still to be read stays to be read, unless the
 * list ends at an instant that rows can pass.
 */
export interface SeenOrder {
  /** Both, as long as no page tells which it is. */
  readonly by: readonly ListOrder[];
  /** The times of the row that the page before ended with … */
  readonly last: Readonly<Record<ListOrder, Instant>>;
  /** … and where the list begins now, if it is not read from its first row any more. */
  readonly below: PageQuery['below'];
}

/** Fewer times can be in an order by chance. */
const MIN_TIMES_COUNT = 20;

/** The order that a first page shows. */
export function findOrder(rows: readonly PageRow[]): SeenOrder | undefined {
  const last = findLast(rows);
  // By update, the oldest first: there each change moves a row to the end.
  if (!last || listTimes(rows, 'updated').length < MIN_TIMES_COUNT || goesUp(rows))
    return undefined;
  const by = LIST_ORDERS.filter((order) => goesDown(rows, order));
  return by.length > 0 ? { by, last, below: undefined } : undefined;
}

/**
 * The order after a further page; `undefined`: the page is in another, or not where it should be.
 */
export function followOrder(
  order: SeenOrder,
  rows: readonly PageRow[],
  wasRead: (row: PageRow) => boolean,
): SeenOrder | undefined {
  const by = order.by.filter((one) => goesDown(rows, one));
  if (by.length === 0) return undefined;
  const [first] = rows;
  // New rows push others back: then the page begins with one that was read.
  const isNext = !first || by.some((one) => isBehind(first, order.last, one)) || wasRead(first);
  return isNext ? { ...order, by, last: findLast(rows) ?? order.last } : undefined;
}

/**
 * The order of the same list from where it was read to; `undefined`: since it began, nothing older
 * was read.
 */
export function beginBelow(order: SeenOrder): SeenOrder | undefined {
  const { below } = order;
  const next = findNextBound(order);
  return below === undefined || next.at < below.at ? { ...order, below: next } : undefined;
}

/** Whether a row that changes can leave the list, so that those behind it move up. */
export function canShrink({ below }: SeenOrder): boolean {
  return below?.by === 'updated';
}

/**
 * In whichever order the list is, nothing that was created later than last updated here is still to
 * be read, as no incident is updated before it is created.
 */
function findNextBound({
  by: [by = 'created', other],
  last,
}: SeenOrder): NonNullable<SeenOrder['below']> {
  return { by, at: last[other ?? by] };
}

/**
 * What was created at one instant can be in any order, and move in it: then only a row that was
 * read fits.
 */
function isBehind(row: PageRow, last: SeenOrder['last'], by: ListOrder): boolean {
  const time = row[by];
  return time === undefined || time < last[by] || (by === 'updated' && time === last[by]);
}

function goesDown(rows: readonly PageRow[], by: ListOrder): boolean {
  const times = listTimes(rows, by);
  return times.every((time, index) => time <= (times[index - 1] ?? time));
}

function goesUp(rows: readonly PageRow[]): boolean {
  const times = listTimes(rows, 'updated');
  return times.every((time, index) => time >= (times[index - 1] ?? time));
}

function findLast(rows: readonly PageRow[]): SeenOrder['last'] | undefined {
  const [created, updated] = [listTimes(rows, 'created').at(-1), listTimes(rows, 'updated').at(-1)];
  return created && updated && { created, updated };
}

/** Rows that can't be read are passed over. */
function listTimes(rows: readonly PageRow[], by: ListOrder): readonly Instant[] {
  return rows.flatMap((row) => row[by] ?? []);
}
