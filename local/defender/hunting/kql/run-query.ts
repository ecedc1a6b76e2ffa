import { compile } from './compile.ts';
import type { Compiled, Scope } from './compiled.ts';
import { joinRows } from './join.ts';
import { narrow } from './narrow.ts';
import { parseQuery } from './parse-query.ts';
import { toSemanticError, toUnresolvedError } from './query-error.ts';
import {
  count,
  distinct,
  expand,
  extend,
  filter,
  first,
  matchesAny,
  pick,
  project,
  rename,
  type ToScope,
  unite,
} from './relations.ts';
import { sortRows } from './sort.ts';
import { summarize } from './summarize.ts';
import type { Binding, Expression, Operator, Pipeline } from './syntax.ts';
import type { Column, Relation } from './value.ts';

/** The tables that a query is run on. */
interface Database {
  /** `undefined`: there is no such table. */
  readonly findTable: (name: string) => Relation | undefined;
  /** What `now()` is, in ticks since 1970. */
  readonly now: bigint;
}

/** Runs a query; its rows are made when they are asked for. Throws a QueryError. */
export function runQuery(text: string, database: Database): Relation {
  const { lets, answer } = parseQuery(text);
  const run = createRun(database, lets);
  return run(answer);
}

type Run = (pipeline: Pipeline) => Relation;

function createRun({ findTable, now }: Database, lets: readonly Binding[]): Run {
  const known = new Map(lets.map((binding) => [binding.name, binding.of]));
  const scalars = new Map<string, Compiled>();
  const run: Run = ({ source, stages }) =>
    stages.reduce((relation, stage) => apply(stage, relation, toScope), start(source));

  const toScope = (columns: readonly Column[], operator: string): Scope => ({
    columns,
    findScalar,
    runPipeline: run,
    now,
    operator,
  });
  const findScalar = (name: string): Compiled | undefined => {
    const of = known.get(name);
    if (!of || !('scalar' in of)) return undefined;
    const compiled = scalars.get(name) ?? toConstant(compile(of.scalar, toScope([], 'let')));
    scalars.set(name, compiled);
    return compiled;
  };
  const findRelation = (name: string): Relation => {
    const of = known.get(name);
    if (of && 'table' in of) return run(of.table);
    const table = findTable(name);
    if (table) return table;
    throw toUnresolvedError('table or column', name);
  };
  const start = (source: Pipeline['source']): Relation => {
    switch (source.kind) {
      case 'table':
        return findRelation(source.name);
      case 'pipeline':
        return run(source.of);
      case 'union':
        return unite(source.of.map(run));
      case 'print':
        return project({ columns: [], rows: [[]] }, source.columns, toScope);
    }
  };
  return run;
}

function toConstant({ type, evaluate }: Compiled): Compiled {
  const value = evaluate([]);
  return { type, evaluate: () => value };
}

function apply(stage: Operator, relation: Relation, toScope: ToScope): Relation {
  const { columns, rows } = relation;
  const scope = toScope(columns, stage.kind);
  switch (stage.kind) {
    case 'where': {
      const { evaluate } = compile(stage.of, scope);
      return { columns, rows: filter(narrow(relation, stage.of), (row) => evaluate(row) === true) };
    }
    case 'project':
      return project(relation, stage.columns, toScope);
    case 'extend':
      return extend(relation, stage.columns, toScope);
    case 'project-rename':
      return rename(relation, stage.columns);
    case 'project-away':
      return pick(relation, (name) => !matchesAny(name, stage.patterns));
    case 'project-keep':
      return pick(relation, (name) => matchesAny(name, stage.patterns));
    case 'summarize':
      return summarize(rows, stage, scope);
    case 'distinct':
      return distinct(relation, stage.columns, scope);
    case 'take':
      return { columns, rows: first(rows, toCount(stage.count, scope)) };
    case 'top': {
      const sorted = sortRows(rows, [stage.by], scope);
      return { columns, rows: first(sorted, toCount(stage.count, scope)) };
    }
    case 'count':
      return { columns: [{ name: 'Count', type: 'long' }], rows: count(rows) };
    case 'sort':
      return { columns, rows: sortRows(rows, stage.by, scope) };
    case 'mv-expand':
      return expand(relation, stage.column, scope);
    case 'join':
      return joinRows(relation, scope.runPipeline(stage.right), stage);
    case 'union':
      return unite([relation, ...stage.others.map(scope.runPipeline)]);
    case 'project-reorder':
    case 'render':
      return relation;
  }
}

function toCount(expression: Expression, scope: Scope): number {
  const value = compile(expression, { ...scope, columns: [] }).evaluate([]);
  if (typeof value === 'number' && value >= 0) return value;
  throw toSemanticError('The number of rows has to be a constant.');
}
