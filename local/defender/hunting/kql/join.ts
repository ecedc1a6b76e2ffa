import { toSemanticError, toUnresolvedError } from './query-error.ts';
import type { Operator } from './syntax.ts';
import { type Column, type Relation, type Row, toKey } from './value.ts';

type Join = Operator & { readonly kind: 'join' };

/** Kinds of join that answer rows of the left table alone. */
const LEFT_ONLY: ReadonlySet<string> = new Set(['leftsemi', 'leftanti', 'anti', 'leftantisemi']);
const KINDS: ReadonlySet<string> = new Set([...LEFT_ONLY, 'inner', 'innerunique', 'leftouter']);

/** Rows of two tables that have the same keys. */
export function joinRows(left: Relation, right: Relation, { flavor, on }: Join): Relation {
  if (!KINDS.has(flavor)) throw toSemanticError(`The join kind '${flavor}' is not known.`);
  const leftKey = toKeyReader(
    left,
    on.map(([name]) => name),
  );
  const rightKey = toKeyReader(
    right,
    on.map(([, name]) => name),
  );
  if (LEFT_ONLY.has(flavor)) {
    const isWanted = flavor === 'leftsemi';
    return { columns: left.columns, rows: semiJoin(left, right, { leftKey, rightKey, isWanted }) };
  }
  const columns = [...left.columns, ...renameDoubled(left.columns, right.columns)];
  return { columns, rows: innerJoin(left, right, { leftKey, rightKey, flavor }) };
}

type KeyReader = (row: Row) => string;

function toKeyReader({ columns }: Relation, names: readonly string[]): KeyReader {
  const places = names.map((name) => {
    const place = columns.findIndex((column) => column.name === name);
    if (place === -1) throw toUnresolvedError('scalar', name, 'join');
    return place;
  });
  return (row) => places.map((place) => toKey(row[place] ?? null)).join('\u0000');
}

function* semiJoin(
  left: Relation,
  right: Relation,
  { leftKey, rightKey, isWanted }: { leftKey: KeyReader; rightKey: KeyReader; isWanted: boolean },
): Generator<Row> {
  const keys = new Set<string>();
  for (const row of right.rows) keys.add(rightKey(row));
  for (const row of left.rows) if (keys.has(leftKey(row)) === isWanted) yield row;
}

function* innerJoin(
  left: Relation,
  right: Relation,
  { leftKey, rightKey, flavor }: { leftKey: KeyReader; rightKey: KeyReader; flavor: string },
): Generator<Row> {
  const byKey = new Map<string, Row[]>();
  for (const row of right.rows) {
    const rows = byKey.get(rightKey(row)) ?? [];
    byKey.set(rightKey(row), rows);
    rows.push(row);
  }
  const seen = new Set<string>();
  const nothing: Row = right.columns.map(() => null);
  for (const row of left.rows) {
    const key = leftKey(row);
    // `innerunique` takes one row of the left table for each key.
    if (flavor === 'innerunique' && seen.has(key)) continue;
    seen.add(key);
    const matches = byKey.get(key) ?? (flavor === 'leftouter' ? [nothing] : []);
    for (const match of matches) yield [...row, ...match];
  }
}

/** A column that both tables have gets a number in the right one. */
function renameDoubled(left: readonly Column[], right: readonly Column[]): readonly Column[] {
  const names = new Set(left.map(({ name }) => name));
  return right.map((column) => {
    let { name } = column;
    for (let number = 1; names.has(name); number++) name = `${column.name}${number}`;
    names.add(name);
    return { ...column, name };
  });
}
