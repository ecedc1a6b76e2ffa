import { findLiteral } from './literal.ts';
import type { Parser } from './parser.ts';
import type { Expression } from './syntax.ts';

const COMPARISONS: ReadonlySet<string> = new Set([
  ...['==', '!=', '<>', '<', '>', '<=', '>=', '=~', '!~'],
  ...['has', '!has', 'has_cs', 'contains', '!contains', 'contains_cs'],
  ...['!has_cs', '!contains_cs', 'startswith', '!startswith', 'startswith_cs', '!startswith_cs'],
  ...['endswith', '!endswith', 'endswith_cs', '!endswith_cs'],
  ...['hasprefix', '!hasprefix', 'hassuffix', '!hassuffix'],
]);
const LISTS: ReadonlySet<string> = new Set(['in', '!in', 'in~', '!in~', 'has_any', 'has_all']);

/** Reads an expression. */
export function parseExpression(parser: Parser): Expression {
  return parseChain(parser, ['or'], () =>
    parseChain(parser, ['and'], () => parseComparison(parser)),
  );
}

/** Operators of one rank, from left to right. */
function parseChain(
  { cursor }: Parser,
  operators: readonly string[],
  parseNext: () => Expression,
): Expression {
  let left = parseNext();
  while (cursor.isNext(...operators)) {
    left = { kind: 'binary', operator: cursor.next().text, left, right: parseNext() };
  }
  return left;
}

/** Everything that binds more than a comparison. */
export function parseSum(parser: Parser): Expression {
  return parseChain(parser, ['+', '-'], () =>
    parseChain(parser, ['*', '/', '%'], () => parseUnary(parser)),
  );
}

function parseComparison(parser: Parser): Expression {
  const { cursor } = parser;
  const left = parseSum(parser);
  const { kind, text: operator } = cursor.peek();
  if (kind === 'string' || kind === 'end') return left;
  if (LISTS.has(operator)) return parseIn(parser, left);
  if (operator === 'between' || operator === '!between') return parseBetween(parser, left);
  if (operator === 'matches') {
    cursor.next();
    cursor.expect('regex');
    return { kind: 'binary', operator: 'matches regex', left, right: parseSum(parser) };
  }
  if (!COMPARISONS.has(operator)) return left;
  cursor.next();
  return { kind: 'binary', operator, left, right: parseSum(parser) };
}

function parseIn(parser: Parser, left: Expression): Expression {
  const { cursor } = parser;
  const operator = cursor.next().text;
  cursor.expect('(');
  if (!isTable(parser)) {
    return { kind: 'in', operator, left, list: parseArguments(parser), table: undefined };
  }
  const table = parser.parsePipeline();
  cursor.expect(')');
  return { kind: 'in', operator, left, list: [], table };
}

function parseBetween(parser: Parser, of: Expression): Expression {
  const { cursor } = parser;
  const isNegated = cursor.next().text.startsWith('!');
  cursor.expect('(');
  const from = parseSum(parser);
  cursor.expect('..');
  const to = parseSum(parser);
  cursor.expect(')');
  return { kind: 'between', isNegated, of, from, to };
}

function parseUnary(parser: Parser): Expression {
  if (parser.cursor.accept('-')) return { kind: 'negated', of: parseUnary(parser) };
  const { cursor } = parser;
  let of = parsePrimary(parser);
  for (;;) {
    if (cursor.accept('.')) of = { kind: 'member', of, name: cursor.expectName() };
    else if (cursor.accept('[')) {
      of = { kind: 'element', of, index: parseExpression(parser) };
      cursor.expect(']');
    } else return of;
  }
}

function parsePrimary(parser: Parser): Expression {
  const { cursor } = parser;
  const literal = findLiteral(cursor);
  if (literal) return literal;
  if (cursor.accept('(')) {
    const inner = parseExpression(parser);
    cursor.expect(')');
    return inner;
  }
  if (cursor.accept('*')) return { kind: 'star' };
  const name = cursor.expectName();
  if (!cursor.accept('(')) return { kind: 'name', name };
  if (name !== 'toscalar') return { kind: 'call', name, args: parseArguments(parser) };
  const of = parser.parsePipeline();
  cursor.expect(')');
  return { kind: 'scalar', of };
}

/** After the opening bracket, with the closing one. */
function parseArguments(parser: Parser): readonly Expression[] {
  const { cursor } = parser;
  const all: Expression[] = [];
  while (!cursor.accept(')')) {
    all.push(parseExpression(parser));
    if (!cursor.isNext(')')) cursor.expect(',');
  }
  return all;
}

/** A pipe stands before the bracket closes. */
function isTable({ cursor }: Parser): boolean {
  for (let ahead = 0, depth = 0; ; ahead++) {
    const { kind, text } = cursor.peek(ahead);
    if (kind === 'end') return false;
    if (kind !== 'symbol') continue;
    if (text === '|') return true;
    if (text === '(') depth++;
    if (text === ')' && depth-- === 0) return false;
  }
}
