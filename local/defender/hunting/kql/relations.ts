import { toColumnName } from './column-name.ts';
import { compile } from './compile.ts';
import type { Scope } from './compiled.ts';
import { summarize } from './summarize.ts';
import type { Expression, Named } from './syntax.ts';
import type { Column, Relation, Row, Value } from './value.ts';

/** What names stand for among these columns, in a stage of this name. */
export type ToScope = (columns: readonly Column[], operator: string) => Scope;

/** The rows that are wanted. */
export function* filter(rows: Iterable<Row>, isWanted: (row: Row) => boolean): Generator<Row> {
  for (const row of rows) if (isWanted(row)) yield row;
}

function* map(rows: Iterable<Row>, change: (row: Row) => Row): Generator<Row> {
  for (const row of rows) yield change(row);
}

/** So many rows at most. */
export function* first(rows: Iterable<Row>, most: number): Generator<Row> {
  let taken = 0;
  if (most <= 0) return;
  for (const row of rows) {
    yield row;
    if (++taken >= most) return;
  }
}

/** One row that says how many there are. */
export function* count(rows: Iterable<Row>): Generator<Row> {
  let total = 0;
  for (const _ of rows) total++;
  yield [total];
}

/** Nothing but these columns. */
export function project(
  { columns, rows }: Relation,
  named: readonly Named[],
  toScope: ToScope,
): Relation {
  const compiled = named.map(({ of }) => compile(of, toScope(columns, 'project')));
  return {
    columns: named.map((one, place) => ({
      name: toColumnName(one, place),
      type: compiled[place]?.type ?? 'dynamic',
    })),
    rows: map(rows, (row) => compiled.map(({ evaluate }) => evaluate(row))),
  };
}

/** One column after the other: a later one may use an earlier one. */
export function extend(relation: Relation, named: readonly Named[], toScope: ToScope): Relation {
  return named.reduce((before: Relation, one, place) => {
    const { columns, rows } = before;
    const { type, evaluate } = compile(one.of, toScope(columns, 'extend'));
    const name = toColumnName(one, place);
    const at = columns.findIndex((column) => column.name === name);
    if (at === -1) {
      return {
        columns: [...columns, { name, type }],
        rows: map(rows, (row) => [...row, evaluate(row)]),
      };
    }
    return {
      columns: columns.with(at, { name, type }),
      rows: map(rows, (row) => row.with(at, evaluate(row))),
    };
  }, relation);
}

/** The same columns, called otherwise. */
export function rename({ columns, rows }: Relation, named: readonly Named[]): Relation {
  const names = new Map(named.map(({ name, of }) => [of.kind === 'name' ? of.name : '', name]));
  return {
    columns: columns.map((one) => ({ ...one, name: names.get(one.name) ?? one.name })),
    rows,
  };
}

/** The columns that are wanted. */
export function pick({ columns, rows }: Relation, isWanted: (name: string) => boolean): Relation {
  const places = columns.flatMap(({ name }, place) => (isWanted(name) ? [place] : []));
  return {
    columns: places.flatMap((place) => columns[place] ?? []),
    rows: map(rows, (row) => places.map((place) => row[place] ?? null)),
  };
}

/** Whether a name is one of these, or begins like one that ends with `*`. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}

/** Each combination of values once. */
export function distinct(
  relation: Relation,
  wanted: readonly Expression[],
  scope: Scope,
): Relation {
  const isAll = wanted.some(({ kind }) => kind === 'star');
  const all = isAll
    ? relation.columns.map(({ name }) => ({ kind: 'name', name }) as const)
    : wanted;
  const by = all.map((of) => ({ name: undefined, of }));
  return summarize(relation.rows, { values: [], by }, scope);
}

/** All columns of all tables; where a table has none the rows have no value. */
export function unite(relations: readonly Relation[]): Relation {
  const columns = new Map<string, Column>();
  for (const column of relations.flatMap((relation) => relation.columns)) {
    if (!columns.has(column.name)) columns.set(column.name, column);
  }
  const names = [...columns.keys()];
  const rows = function* (): Generator<Row> {
    for (const relation of relations) {
      const places = names.map((name) => relation.columns.findIndex((one) => one.name === name));
      yield* map(relation.rows, (row) => places.map((place) => row[place] ?? null));
    }
  };
  return { columns: [...columns.values()], rows: rows() };
}

/** A row for each element of a list. */
export function expand(relation: Relation, { name, of }: Named, scope: Scope): Relation {
  const { columns, rows } = relation;
  const { evaluate } = compile(of, scope);
  const column = name ?? (of.kind === 'name' ? of.name : 'Column1');
  const at = columns.findIndex((one) => one.name === column);
  const place = at === -1 ? columns.length : at;
  const expanded = function* (): Generator<Row> {
    for (const row of rows) {
      const value = evaluate(row);
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      for (const item of items) yield Object.assign([...row], { [place]: item as Value });
    }
  };
  const type = { name: column, type: 'dynamic' } as const;
  return { columns: at === -1 ? [...columns, type] : columns.with(at, type), rows: expanded() };
}
