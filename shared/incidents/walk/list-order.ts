import { LIST_ORDERS, type ListOrder, type PageRow } from '../incident-source.ts';
import type { Instant } from '../instant.ts';

/**
 * What a list is ordered by, as its pages show it, the newest first. Then a row that changes moves only towards the
 * front, or not at all, and what is still to be read stays to be read, unless the list ends at an instant that rows
 * can pass.
 */
export interface SeenOrder {
  readonly by: ListOrder;
  /** What the page before ended with … */
  readonly last: Instant;
  /** … and where the list begins now, if it is not read from its first row any more. */
  readonly below: Instant | undefined;
}

/** Fewer rows can be in an order by chance. */
const FEWEST_ROWS = 20;

/** The order that a first page shows. */
export function findOrder(rows: readonly PageRow[]): SeenOrder | undefined {
  // By update, the oldest first: there each change moves a row to the end.
  if (rows.length < FEWEST_ROWS || goesUp(rows)) return undefined;
  const by = LIST_ORDERS.find((order) => goesDown(rows, order));
  const last = by && findLast(rows, by);
  return last && { by, last, below: undefined };
}

/** The order after a further page; `undefined`: the page is in another, or not where it should be. */
export function followOrder(
  order: SeenOrder,
  rows: readonly PageRow[],
  idsBefore: readonly string[],
): SeenOrder | undefined {
  const { by, last } = order;
  if (!goesDown(rows, by)) return undefined;
  const [first] = rows;
  // New rows push others back: then the page begins with one that was read.
  const isNext = (first?.[by] ?? last) <= last || idsBefore.includes(first?.id ?? '');
  return isNext ? { ...order, last: findLast(rows, by) ?? last } : undefined;
}

/** The order of the same list from where it was read to; `undefined`: since it began, nothing older was read. */
export function beginBelow(order: SeenOrder): SeenOrder | undefined {
  const { below, last } = order;
  return below === undefined || last < below ? { ...order, below: last } : undefined;
}

/** Whether a row that changes can leave the list, so that those behind it move up. */
export function canShrink({ by, below }: SeenOrder): boolean {
  return by === 'updated' && below !== undefined;
}

function goesDown(rows: readonly PageRow[], by: ListOrder): boolean {
  const times = listTimes(rows, by);
  return times.every((time, index) => time <= (times[index - 1] ?? time));
}

function goesUp(rows: readonly PageRow[]): boolean {
  const times = listTimes(rows, 'updated');
  return times.every((time, index) => time >= (times[index - 1] ?? time));
}

function findLast(rows: readonly PageRow[], by: ListOrder): Instant | undefined {
  return listTimes(rows, by).at(-1);
}

/** Rows that can't be read are passed over. */
function listTimes(rows: readonly PageRow[], by: ListOrder): readonly Instant[] {
  return rows.flatMap((row) => row[by] ?? []);
}
