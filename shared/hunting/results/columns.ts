import type { Column } from '../hunt.ts';

/**
 * The type of a column whose type differs between customers: what every value can be written as.
 */
const WIDENED_TYPE = 'string';

/**
 * The columns of several results as one: in the order in which they were first seen. A column whose
 * type differs becomes text. The same object if there is nothing new.
 */
export function mergeColumns(
  known: readonly Column[],
  others: readonly Column[],
): readonly Column[] {
  const merged = new Map(known.map((column) => [column.name, column]));
  let isNew = false;
  for (const other of others) {
    const before = merged.get(other.name);
    const column = before ? widen(before, other.type) : { name: other.name, type: other.type };
    if (column === before) continue;
    merged.set(other.name, column);
    isNew = true;
  }
  return isNew ? [...merged.values()] : known;
}

function widen(column: Column, type: string): Column {
  const types = column.widenedFrom ?? [column.type];
  if (types.includes(type)) return column;
  return { name: column.name, type: WIDENED_TYPE, widenedFrom: [...types, type] };
}
