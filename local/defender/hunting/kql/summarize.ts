import { AGGREGATE_NAMES, type Aggregate, toAggregate } from './aggregates.ts';
import { toColumnName } from './column-name.ts';
import { compile } from './compile.ts';
import type { Compiled, Scope } from './compiled.ts';
import { toSemanticError } from './query-error.ts';
import type { Expression, Named } from './syntax.ts';
import { type Column, compareValues, type Relation, type Row, toKey, type Value } from './value.ts';

/** What one item of `summarize` makes: columns, and what gathers their values for a group. */
interface Item {
  readonly columns: readonly Column[];
  readonly begin: () => {
    readonly add: (row: Row) => void;
    readonly result: () => readonly Value[];
  };
}

/** The groups of rows that have the same keys, with what is gathered of each. */
export function summarize(
  rows: Iterable<Row>,
  { values, by }: { readonly values: readonly Named[]; readonly by: readonly Named[] },
  scope: Scope,
): Relation {
  const keys = by.map(({ of }) => compile(of, scope));
  const items = values.map((named) => toItem(named, by, scope));
  const columns = [
    ...by.map((named, place) => ({
      name: toColumnName(named, place),
      type: keys[place]?.type ?? ('dynamic' as const),
    })),
    ...items.flatMap((item) => item.columns),
  ];
  return { columns, rows: gather(rows, keys, items) };
}

function* gather(
  rows: Iterable<Row>,
  keys: readonly Compiled[],
  items: readonly Item[],
): Generator<Row> {
  const groups = new Map<string, { key: Row; gatherings: readonly ReturnType<Item['begin']>[] }>();
  const open = (key: Row) => {
    const id = key.map(toKey).join('\u0000');
    const known = groups.get(id);
    if (known) return known;
    const group = { key, gatherings: items.map(({ begin }) => begin()) };
    groups.set(id, group);
    return group;
  };
  // Without keys there is one group, even of no rows.
  if (keys.length === 0) open([]);
  for (const row of rows) {
    const { gatherings } = open(keys.map(({ evaluate }) => evaluate(row)));
    for (const { add } of gatherings) add(row);
  }
  for (const { key, gatherings } of groups.values()) {
    yield [...key, ...gatherings.flatMap(({ result }) => result())];
  }
}

function toItem({ name, of }: Named, by: readonly Named[], scope: Scope): Item {
  if (of.kind === 'call' && (of.name === 'arg_max' || of.name === 'arg_min')) {
    const sign = of.name === 'arg_max' ? 1 : -1;
    return toArgItem({ name, args: of.args, by, sign }, scope);
  }
  const aggregates: Gathered[] = [];
  const combined = compile(replaceAggregates(of, aggregates), {
    ...scope,
    columns: [],
    findScalar: (asked) => toGathered(asked, aggregates, scope) ?? scope.findScalar(asked),
  });
  if (aggregates.length === 0) throw toSemanticError('summarize needs aggregate functions.');
  const column = { name: name ?? toDefaultName(of), type: combined.type };
  return {
    columns: [column],
    begin() {
      const gatherings = aggregates.map(({ aggregate }) => aggregate?.begin());
      return {
        add(row) {
          for (const gathering of gatherings) gathering?.add(row);
        },
        result: () => [combined.evaluate(gatherings.map((one) => one?.result() ?? null))],
      };
    },
  };
}

/** An aggregate call within an expression, such as `round(100.0 * countif(a) / count(), 1)`. */
interface Gathered {
  readonly call: Expression & { readonly kind: 'call' };
  aggregate?: Aggregate;
}

/** Names that no query can have. */
function toPlaceName(place: number): string {
  return `\u0000${place}`;
}

function replaceAggregates(of: Expression, found: Gathered[]): Expression {
  if (of.kind === 'binary') {
    const { left, right } = of;
    return { ...of, left: replaceAggregates(left, found), right: replaceAggregates(right, found) };
  }
  if (of.kind !== 'call') return of;
  if (!AGGREGATE_NAMES.has(of.name)) {
    return { ...of, args: of.args.map((arg) => replaceAggregates(arg, found)) };
  }
  return { kind: 'name', name: toPlaceName(found.push({ call: of }) - 1) };
}

function toGathered(
  name: string,
  aggregates: readonly Gathered[],
  scope: Scope,
): Compiled | undefined {
  const place = aggregates.findIndex((_, index) => toPlaceName(index) === name);
  const gathered = aggregates[place];
  if (!gathered) return undefined;
  const { name: called, args } = gathered.call;
  gathered.aggregate ??= toAggregate(
    called,
    args.map((arg) => compile(arg, scope)),
  );
  return { type: gathered.aggregate.type, evaluate: (row) => row[place] ?? null };
}

function toDefaultName(of: Expression): string {
  if (of.kind !== 'call') return 'Column1';
  const [first] = of.args;
  return `${of.name}_${first?.kind === 'name' ? first.name : ''}`;
}

/**
 * The row in which a value is the largest, or the least: of `*` all its columns that are no keys.
 */
function toArgItem(
  asked: {
    readonly name: string | undefined;
    readonly args: readonly Expression[];
    readonly by: readonly Named[];
    readonly sign: 1 | -1;
  },
  scope: Scope,
): Item {
  const { name, args, sign } = asked;
  const [by, ...rest] = args;
  if (!by) throw toSemanticError('arg_max() needs an argument.');
  const measure = compile(by, scope);
  const keys = new Set([...asked.by.map(({ of }) => toName(of)), toName(by)]);
  const others = rest.flatMap((one): readonly Expression[] =>
    one.kind === 'star'
      ? scope.columns
          .filter((column) => !keys.has(column.name))
          .map((column) => ({ kind: 'name', name: column.name }))
      : [one],
  );
  const picked = others.map((one) => compile(one, scope));
  const columns = [by, ...others].map((of, place) => ({
    name: place === 0 && name !== undefined ? name : toColumnName({ name: undefined, of }, place),
    type: (place === 0 ? measure : picked[place - 1])?.type ?? ('dynamic' as const),
  }));
  return { columns, begin: () => gatherBest({ measure, picked, sign }) };
}

function gatherBest({
  measure,
  picked,
  sign,
}: {
  measure: Compiled;
  picked: readonly Compiled[];
  sign: 1 | -1;
}) {
  let best: Value = null;
  let row: Row | undefined;
  return {
    add(next: Row) {
      const value = measure.evaluate(next);
      if (value === null && row) return;
      if (row && best !== null && compareValues(value, best) * sign <= 0) return;
      best = value;
      row = next;
    },
    result: () => [best, ...picked.map(({ evaluate }) => (row ? evaluate(row) : null))],
  };
}

function toName(of: Expression): string | undefined {
  return of.kind === 'name' ? of.name : undefined;
}
