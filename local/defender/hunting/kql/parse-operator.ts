import { parseExpression, parseSum } from './parse-expression.ts';
import type { Parser } from './parser.ts';
import type { Expression, Named, Operator, Pipeline, SortKey } from './syntax.ts';

/** How each operator goes on after its name. */
const PARSERS: Readonly<Record<string, (parser: Parser) => Operator>> = {
  where: (parser) => ({ kind: 'where', of: parseExpression(parser) }),
  filter: (parser) => ({ kind: 'where', of: parseExpression(parser) }),
  extend: (parser) => ({ kind: 'extend', columns: parseNamedList(parser) }),
  project: (parser) => ({ kind: 'project', columns: parseNamedList(parser) }),
  'project-rename': (parser) => ({ kind: 'project-rename', columns: parseNamedList(parser) }),
  'project-away': (parser) => ({ kind: 'project-away', patterns: parsePatterns(parser) }),
  'project-keep': (parser) => ({ kind: 'project-keep', patterns: parsePatterns(parser) }),
  'project-reorder': (parser) => ({ kind: 'project-reorder', patterns: parsePatterns(parser) }),
  summarize: parseSummarize,
  distinct: (parser) => ({ kind: 'distinct', columns: parseList(parser) }),
  top: parseTop,
  take: (parser) => ({ kind: 'take', count: parseSum(parser) }),
  limit: (parser) => ({ kind: 'take', count: parseSum(parser) }),
  count: () => ({ kind: 'count' }),
  sort: parseSort,
  order: parseSort,
  'mv-expand': (parser) => ({ kind: 'mv-expand', column: parseNamed(parser) }),
  join: parseJoin,
  union: (parser) => ({ kind: 'union', others: parseTables(parser) }),
  render: (parser) => {
    const isOver = () => parser.cursor.peek().kind === 'end' || parser.cursor.isNext(';', ')');
    while (!isOver()) parser.cursor.next();
    return { kind: 'render' };
  },
};

/** Reads a stage, after its pipe. */
export function parseOperator(parser: Parser): Operator {
  const { cursor } = parser;
  const [first, hyphen, second] = [0, 1, 2].map((ahead) => cursor.peek(ahead).text);
  const joined = `${first}${hyphen}${second}`;
  // `mv-expand` is three words, and one name.
  const isJoined = hyphen === '-' && Object.hasOwn(PARSERS, joined);
  const name = isJoined ? joined : (first ?? '');
  const parse = Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  if (!parse) return cursor.fail();
  for (let word = 0; word < (isJoined ? 3 : 1); word++) cursor.next();
  return parse(parser);
}

/** `a, b = expression, …`. */
export function parseNamedList(parser: Parser): readonly Named[] {
  const all = [parseNamed(parser)];
  while (parser.cursor.accept(',')) all.push(parseNamed(parser));
  return all;
}

/** `(T1 | …), T2, …`, with or without commas in front of brackets. */
export function parseTables(parser: Parser): readonly Pipeline[] {
  const { cursor } = parser;
  while (cursor.isNext('kind', 'withsource', 'isfuzzy')) {
    cursor.next();
    cursor.expect('=');
    cursor.next();
  }
  const all = [parseTable(parser)];
  while (cursor.accept(',')) all.push(parseTable(parser));
  return all;
}

function parseTable({ cursor, parsePipeline }: Parser): Pipeline {
  if (!cursor.accept('(')) {
    return { source: { kind: 'table', name: cursor.expectName() }, stages: [] };
  }
  const table = parsePipeline();
  cursor.expect(')');
  return table;
}

function parseNamed(parser: Parser): Named {
  const { cursor } = parser;
  if (cursor.peek().kind === 'name' && cursor.peek(1).text === '=') {
    const name = cursor.expectName();
    cursor.expect('=');
    return { name, of: parseExpression(parser) };
  }
  return { name: undefined, of: parseExpression(parser) };
}

function parseList(parser: Parser): readonly Expression[] {
  return parseNamedList(parser).map(({ of }) => of);
}

/** Names, each of which may end with `*`. */
function parsePatterns({ cursor }: Parser): readonly string[] {
  const all: string[] = [];
  do {
    const name = cursor.isNext('*') ? '' : cursor.expectName();
    all.push(cursor.accept('*') ? `${name}*` : name);
  } while (cursor.accept(','));
  return all;
}

function parseSummarize(parser: Parser): Operator {
  const { cursor } = parser;
  const values = cursor.isNext('by') ? [] : parseNamedList(parser);
  const by = cursor.accept('by') ? parseNamedList(parser) : [];
  return { kind: 'summarize', values, by };
}

function parseTop(parser: Parser): Operator {
  const count = parseSum(parser);
  parser.cursor.expect('by');
  return { kind: 'top', count, by: parseSortKey(parser) };
}

function parseSort(parser: Parser): Operator {
  parser.cursor.expect('by');
  const by = [parseSortKey(parser)];
  while (parser.cursor.accept(',')) by.push(parseSortKey(parser));
  return { kind: 'sort', by };
}

/** Descending unless it says something else; nulls are the least. */
function parseSortKey(parser: Parser): SortKey {
  const { cursor } = parser;
  const of = parseExpression(parser);
  const isAscending = cursor.accept('asc');
  if (!isAscending) cursor.accept('desc');
  let nullsFirst = isAscending;
  if (cursor.accept('nulls')) {
    nullsFirst = cursor.accept('first');
    if (!nullsFirst) cursor.expect('last');
  }
  return { of, isDescending: !isAscending, nullsFirst };
}

function parseJoin(parser: Parser): Operator {
  const { cursor } = parser;
  let flavor = 'innerunique';
  if (cursor.accept('kind')) {
    cursor.expect('=');
    flavor = cursor.expectName();
  }
  const right = parseTable(parser);
  cursor.expect('on');
  const on = [parseJoinKey(parser)];
  while (cursor.accept(',')) on.push(parseJoinKey(parser));
  return { kind: 'join', flavor, right, on };
}

/** `Column`, or `$left.A == $right.B`, whose `$` the words leave out. */
function parseJoinKey({ cursor }: Parser): readonly [string, string] {
  const first = cursor.expectName();
  if (first !== '$left') return [first, first];
  cursor.expect('.');
  const left = cursor.expectName();
  cursor.expect('==');
  if (cursor.expectName() !== '$right') cursor.fail();
  cursor.expect('.');
  return [left, cursor.expectName()];
}
