import type { Compiled, Scope } from './compiled.ts';
import { toFunction } from './functions.ts';
import { toBinary, toTextMatch } from './operators.ts';
import { toSemanticError, toUnresolvedError } from './query-error.ts';
import type { Expression, Pipeline } from './syntax.ts';
import { compareValues, type Relation, type Row, type Value } from './value.ts';

/** Finds what an expression is made of; throws a QueryError for a name that stands for nothing. */
export function compile(expression: Expression, scope: Scope): Compiled {
  switch (expression.kind) {
    case 'literal':
      return { type: expression.type, evaluate: () => expression.value };
    case 'name':
      return findName(expression.name, scope);
    case 'star':
      throw toSemanticError('An asterisk has no value here.');
    case 'call':
      return toFunction(
        expression.name,
        expression.args.map((arg) => compile(arg, scope)),
        scope.now,
      );
    case 'binary':
      return toBinary(
        expression.operator,
        compile(expression.left, scope),
        compile(expression.right, scope),
      );
    case 'negated':
      return toNegated(compile(expression.of, scope));
    case 'member':
      return toMember(compile(expression.of, scope), () => expression.name);
    case 'element':
      return toMember(compile(expression.of, scope), compile(expression.index, scope).evaluate);
    case 'in':
      return toMembership(expression, scope);
    case 'between':
      return toBetween(expression, scope);
    case 'scalar':
      return toScalar(expression.of, scope);
  }
}

function findName(name: string, { columns, findScalar, operator }: Scope): Compiled {
  const place = columns.findIndex((column) => column.name === name);
  const column = columns[place];
  if (column) return { type: column.type, evaluate: (row) => row[place] ?? null };
  const scalar = findScalar(name);
  if (scalar) return scalar;
  throw toUnresolvedError('scalar', name, operator);
}

function toNegated({ type, evaluate }: Compiled): Compiled {
  return {
    type,
    evaluate(row) {
      const value = evaluate(row);
      return typeof value === 'number' || typeof value === 'bigint' ? -value : null;
    },
  };
}

/** A member of an object, or an element of a list; counted from the end where it is negative. */
function toMember({ evaluate }: Compiled, toIndex: (row: Row) => Value): Compiled {
  return {
    type: 'dynamic',
    evaluate(row) {
      const of = toJson(evaluate(row));
      const index = toIndex(row);
      if (Array.isArray(of)) return (of.at(Number(index)) ?? null) as Value;
      if (typeof of !== 'object' || of === null || index === null) return null;
      const name = String(index);
      return Object.hasOwn(of, name)
        ? (((of as Record<string, Value>)[name] ?? null) as Value)
        : null;
    },
  };
}

/** Columns of the type dynamic are kept as the text of their JSON. */
function toJson(value: Value): Value {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function toMembership(expression: Expression & { kind: 'in' }, scope: Scope): Compiled {
  const { operator, table, list } = expression;
  const left = compile(expression.left, scope);
  const values = table
    ? listFirstColumn(scope.runPipeline(table))
    : list.flatMap((item) => listValues(item, scope));
  if (operator === 'has_any' || operator === 'has_all') {
    const matches = toTextMatch('has');
    const every = operator === 'has_all';
    return toBool((row) => {
      const text = left.evaluate(row);
      const has = (value: Value) => matches(text, value);
      return every ? values.every(has) : values.some(has);
    });
  }
  const ignoresCase = operator.endsWith('~');
  const toComparable = (value: Value) =>
    ignoresCase && typeof value === 'string' ? value.toLowerCase() : value;
  const known = new Set(values.map(toComparable));
  const isNegated = operator.startsWith('!');
  return toBool((row) => known.has(toComparable(left.evaluate(row))) !== isNegated);
}

/** A list in a list stands for its items. */
function listValues(item: Expression, scope: Scope): readonly Value[] {
  if (item.kind === 'name' && !scope.findScalar(item.name)) {
    const source = { kind: 'table', name: item.name } as const;
    return listFirstColumn(scope.runPipeline({ source, stages: [] }));
  }
  const value = compile(item, { ...scope, columns: [] }).evaluate([]);
  return Array.isArray(value) ? (value as Value[]) : [value];
}

function listFirstColumn({ rows }: Relation): readonly Value[] {
  return [...rows].map(([value = null]) => value);
}

function toBetween(expression: Expression & { kind: 'between' }, scope: Scope): Compiled {
  const { isNegated } = expression;
  const [of, from, to] = [expression.of, expression.from, expression.to].map((part) =>
    compile(part, scope),
  );
  return toBool((row) => {
    const value = of?.evaluate(row) ?? null;
    const begin = from?.evaluate(row) ?? null;
    const end = to?.evaluate(row) ?? null;
    // A span of time as the end counts from the beginning.
    const until = to?.type === 'timespan' && of?.type === 'datetime' ? add(begin, end) : end;
    if (value === null) return false;
    const isWithin = compareValues(value, begin) >= 0 && compareValues(value, until) <= 0;
    return isWithin !== isNegated;
  });
}

function add(one: Value, other: Value): Value {
  return typeof one === 'bigint' && typeof other === 'bigint' ? one + other : null;
}

function toScalar(of: Pipeline, scope: Scope): Compiled {
  const { columns, rows } = scope.runPipeline(of);
  const [first = []] = rows;
  const value = first[0] ?? null;
  return { type: columns[0]?.type ?? 'dynamic', evaluate: () => value };
}

function toBool(evaluate: (row: Row) => boolean): Compiled {
  return { type: 'bool', evaluate };
}
