import { createRandom, type Random } from '../../random.ts';
import { type Column, type KqlType, type Relation, type Row, TICKS_PER_MS } from '../kql/value.ts';
import { type CustomerWords, makeCustomerWords } from './world.ts';

/** What a table of advanced hunting holds: its columns, and what makes a row. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Rows of a customer, unless a scenario says another number. */
  readonly usualRows: number;
  /** The values after the time, in the order of the columns. */
  readonly makeRow: (making: Making) => Row;
}

/** What a row is made from: the same seed makes the same row. */
interface Making {
  readonly tenantId: string;
  readonly words: CustomerWords;
  readonly index: number;
  readonly random: Random;
  /** 100 ns ticks since 1970. */
  readonly at: bigint;
}

/**
 * Advanced hunting goes back thirty days. Rows begin an hour later: none of them ages out of a hunt
 * that runs meanwhile.
 */
const ROWS_SPAN_MS = (30 * 24 - 1) * 60 * 60_000;

/** `name:type, …` as columns; the time comes first. */
export function toColumns(text: string): readonly Column[] {
  const columns = text.split(',').map((part) => {
    const [name = '', type = 'string'] = part.trim().split(':');
    return { name, type: type as KqlType };
  });
  return [{ name: 'Timestamp', type: 'datetime' }, ...columns];
}

/**
 * The rows of a customer's table: `count` of them, evenly over the time before `now` (epoch
 * milliseconds).
 */
export function createRelation(
  shape: TableShape,
  { tenantId, count, now }: { tenantId: string; count: number; now: number },
): Relation {
  const first = BigInt(now - ROWS_SPAN_MS) * TICKS_PER_MS;
  const step = (BigInt(ROWS_SPAN_MS) * TICKS_PER_MS) / BigInt(Math.max(1, count));
  const words = makeCustomerWords(tenantId);
  const make = (index: number): Row => {
    const random = createRandom(`${tenantId} ${shape.name} ${index}`);
    const at = first + BigInt(index) * step + (step * BigInt(random.below(1000))) / 1000n;
    return [at, ...shape.makeRow({ tenantId, words, index, random, at })];
  };
  const makeAll = function* (from: number, to: number): Generator<Row> {
    for (let index = from; index < to; index++) yield make(index);
  };
  const toIndex = (at: bigint) => {
    const index = Number((at - first) / step);
    return Math.min(count, Math.max(0, index));
  };
  return {
    columns: shape.columns,
    // Made anew for each query: nothing of a large table is kept.
    rows: { [Symbol.iterator]: () => makeAll(0, count) },
    within: (from, to) => makeAll(toIndex(from), Math.min(count, toIndex(to) + 1)),
  };
}

/** One of the values, the first ones more often. */
export function pickOften<T>(random: Random, values: readonly T[]): T {
  return random.pick(values.slice(0, 1 + random.below(values.length)));
}
