import { createTokenCursor, type TokenCursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { parseNamedList, parseOperator, parseTables } from './parse-operator.ts';
import type { Parser } from './parser.ts';
import type { Binding, Operator, Pipeline, Query, Source } from './syntax.ts';

/** Reads a query; throws a QueryError. */
export function parseQuery(text: string): Query {
  const parser = createParser(createTokenCursor(text));
  const { cursor } = parser;
  const lets: Binding[] = [];
  while (cursor.accept('let')) {
    lets.push(parseLet(parser));
    cursor.expect(';');
  }
  const answer = parser.parsePipeline();
  while (cursor.accept(';'));
  if (cursor.peek().kind !== 'end') cursor.fail();
  return { lets, answer };
}

function createParser(cursor: TokenCursor): Parser {
  const parser: Parser = { cursor, parsePipeline: () => parsePipeline(parser) };
  return parser;
}

function parsePipeline(parser: Parser): Pipeline {
  const source = parseSource(parser);
  const stages: Operator[] = [];
  while (parser.cursor.accept('|')) stages.push(parseOperator(parser));
  return { source, stages };
}

function parseSource(parser: Parser): Source {
  const { cursor } = parser;
  if (cursor.accept('(')) {
    const of = parsePipeline(parser);
    cursor.expect(')');
    return { kind: 'pipeline', of };
  }
  if (cursor.accept('union')) return { kind: 'union', of: parseTables(parser) };
  if (cursor.accept('print')) return { kind: 'print', columns: parseNamedList(parser) };
  return { kind: 'table', name: cursor.expectName() };
}

function parseLet(parser: Parser): Binding {
  const { cursor } = parser;
  const name = cursor.expectName();
  cursor.expect('=');
  if (isTabular(cursor)) return { name, of: { table: parsePipeline(parser) } };
  return { name, of: { scalar: parseExpression(parser) } };
}

/** A pipe stands before the statement ends, outside of brackets; or a table's name stands alone. */
function isTabular(cursor: TokenCursor): boolean {
  for (let ahead = 0, depth = 0; ; ahead++) {
    const { kind, text } = cursor.peek(ahead);
    if (kind === 'end' || (kind === 'symbol' && text === ';')) {
      return ahead === 1 && cursor.peek().kind === 'name' && /^[A-Z]/.test(cursor.peek().text);
    }
    if (kind !== 'symbol') continue;
    if ('([{'.includes(text)) depth++;
    if (')]}'.includes(text)) depth--;
    if (text === '|' && depth === 0) return true;
  }
}
