import { compile } from './compile.ts';
import type { Scope } from './compiled.ts';
import type { SortKey } from './syntax.ts';
import { compareValues, type Row, type Value } from './value.ts';

/** Rows by their keys; equal ones stay in their order. */
export function* sortRows(
  rows: Iterable<Row>,
  by: readonly SortKey[],
  scope: Scope,
): Generator<Row> {
  const keys = by.map((key) => ({ ...key, ...compile(key.of, scope) }));
  const measured = [...rows].map((row) => ({ row, values: keys.map((key) => key.evaluate(row)) }));
  const sorted = measured.toSorted((one, other) => {
    for (const [place, key] of keys.entries()) {
      const order = compareBy(key, one.values[place] ?? null, other.values[place] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  });
  for (const { row } of sorted) yield row;
}

function compareBy({ isDescending, nullsFirst }: SortKey, one: Value, other: Value): number {
  if (one === null || other === null) {
    return (Number(one !== null) - Number(other !== null)) * (nullsFirst ? 1 : -1);
  }
  return compareValues(one, other) * (isDescending ? -1 : 1);
}
