import type { Compiled } from './compiled.ts';
import { toSemanticError } from './query-error.ts';
import { compareValues, type KqlType, type Row, toKey, type Value } from './value.ts';

/** What gathers one value over the rows of a group. */
interface Gathering {
  readonly add: (row: Row) => void;
  readonly result: () => Value;
}

/** An aggregate function: its type, and what gathers it for a group. */
export interface Aggregate {
  readonly type: KqlType;
  readonly begin: () => Gathering;
}

/**
 * Aggregate functions that answer one value; `arg_max` and `arg_min` answer rows, and are not among
 * them.
 */
export const AGGREGATE_NAMES: ReadonlySet<string> = new Set([
  ...['count', 'countif', 'dcount', 'dcountif', 'sum', 'sumif', 'avg', 'min', 'max'],
  ...['make_set', 'make_list', 'take_any', 'any', 'percentile'],
]);

/** Elements of a list or set, unless the query says another number. */
const MAX_ELEMENTS = 1_048_576;

/** An aggregate over compiled arguments. */
export function toAggregate(name: string, args: readonly Compiled[]): Aggregate {
  const [first, second] = args;
  if (name === 'count') return { type: 'long', begin: () => gatherCount(() => true) };
  if (!first) throw toSemanticError(`The function ${name}() needs an argument.`);
  switch (name) {
    case 'countif':
      return { type: 'long', begin: () => gatherCount((row) => first.evaluate(row) === true) };
    case 'dcount':
      return { type: 'long', begin: () => gatherDistinct(first, () => true) };
    case 'dcountif':
      return { type: 'long', begin: () => gatherDistinct(first, toFilter(second)) };
    case 'sum':
      return { type: first.type, begin: () => gatherSum(first, () => true) };
    case 'sumif':
      return { type: first.type, begin: () => gatherSum(first, toFilter(second)) };
    case 'avg':
      return { type: 'real', begin: () => gatherAverage(first) };
    case 'min':
      return { type: first.type, begin: () => gatherExtreme(first, -1) };
    case 'max':
      return { type: first.type, begin: () => gatherExtreme(first, 1) };
    case 'make_set':
    case 'make_list':
      return { type: 'dynamic', begin: () => gatherList(first, name === 'make_set', second) };
    case 'percentile':
      return { type: first.type, begin: () => gatherPercentile(first, second) };
    default:
      return { type: first.type, begin: () => gatherAny(first) };
  }
}

function toFilter(condition: Compiled | undefined): (row: Row) => boolean {
  return (row) => condition?.evaluate(row) === true;
}

function gatherCount(counts: (row: Row) => boolean): Gathering {
  let count = 0;
  return {
    add(row) {
      if (counts(row)) count++;
    },
    result: () => count,
  };
}

function gatherDistinct({ evaluate }: Compiled, counts: (row: Row) => boolean): Gathering {
  const keys = new Set<string>();
  return {
    add(row) {
      const value = evaluate(row);
      if (value !== null && counts(row)) keys.add(toKey(value));
    },
    result: () => keys.size,
  };
}

function gatherSum({ evaluate }: Compiled, counts: (row: Row) => boolean): Gathering {
  let sum: number | bigint = 0;
  return {
    add(row) {
      const value = evaluate(row);
      if (!counts(row)) return;
      if (typeof value === 'bigint') sum = BigInt(sum) + value;
      if (typeof value === 'number') sum = Number(sum) + value;
    },
    result: () => sum,
  };
}

function gatherAverage({ evaluate }: Compiled): Gathering {
  let sum = 0;
  let count = 0;
  return {
    add(row) {
      const value = evaluate(row);
      if (value === null) return;
      sum += Number(value);
      count++;
    },
    result: () => (count === 0 ? null : sum / count),
  };
}

function gatherExtreme({ evaluate }: Compiled, sign: 1 | -1): Gathering {
  let best: Value = null;
  return {
    add(row) {
      const value = evaluate(row);
      if (value === null) return;
      if (best === null || compareValues(value, best) * sign > 0) best = value;
    },
    result: () => best,
  };
}

function gatherAny({ evaluate }: Compiled): Gathering {
  let any: Value = null;
  return {
    add(row) {
      any ??= evaluate(row);
    },
    result: () => any,
  };
}

function gatherList({ evaluate }: Compiled, isSet: boolean, most: Compiled | undefined): Gathering {
  const limit = Number(most?.evaluate([]) ?? MAX_ELEMENTS);
  const items: Value[] = [];
  const seen = new Set<string>();
  return {
    add(row) {
      const value = evaluate(row);
      if (value === null || items.length >= limit) return;
      if (isSet && seen.has(toKey(value))) return;
      seen.add(toKey(value));
      items.push(value);
    },
    result: () => items,
  };
}

function gatherPercentile({ evaluate }: Compiled, share: Compiled | undefined): Gathering {
  const values: Value[] = [];
  return {
    add(row) {
      const value = evaluate(row);
      if (value !== null) values.push(value);
    },
    result() {
      const sorted = values.toSorted(compareValues);
      const rank = Math.ceil((Number(share?.evaluate([]) ?? 50) / 100) * sorted.length);
      return sorted[Math.max(0, rank - 1)] ?? null;
    },
  };
}
