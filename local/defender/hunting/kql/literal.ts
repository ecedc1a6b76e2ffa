import type { TokenCursor } from './cursor.ts';
import type { Expression } from './syntax.ts';
import { findDatetime, findTimespan, type KqlType, type Value } from './value.ts';

type Literal = Expression & { readonly kind: 'literal' };

/** Takes a literal, if one is next. */
export function findLiteral(cursor: TokenCursor): Literal | undefined {
  const { kind, text } = cursor.peek();
  if (kind === 'string') return toLiteral('string', cursor.next().text);
  if (kind === 'timespan') return toLiteral('timespan', findTimespan(cursor.next().text) ?? null);
  if (kind === 'number') {
    cursor.next();
    return toLiteral(/[.eE]/.test(text) ? 'real' : 'long', toNumber(text));
  }
  if (kind === 'typed') return parseTyped(cursor.next().text);
  if (cursor.accept('true')) return toLiteral('bool', true);
  if (cursor.accept('false')) return toLiteral('bool', false);
  if (text !== 'dynamic' || cursor.peek(1).text !== '(') return undefined;
  cursor.next();
  cursor.expect('(');
  const value = readJson(cursor);
  cursor.expect(')');
  return toLiteral('dynamic', value);
}

/** `datetime(…)` and the like; `null` is of every type. */
function parseTyped(text: string): Literal {
  const [name = '', rest = ''] = text.split('(', 2);
  const [type, parse] = TYPES[name.trim()] ?? ['long', toNumber];
  const inner = rest.replace(/\)$/, '').trim();
  return toLiteral(type, inner === 'null' ? null : (parse(inner) ?? null));
}

type ParseValue = (text: string) => Value | undefined;

const TYPES: Readonly<Record<string, readonly [KqlType, ParseValue]>> = {
  datetime: ['datetime', findDatetime],
  timespan: ['timespan', findTimespan],
  time: ['timespan', findTimespan],
  bool: ['bool', (text) => text === 'true' || text === '1'],
  guid: ['guid', (text) => text],
  real: ['real', Number],
  double: ['real', Number],
  long: ['long', toNumber],
  int: ['int', toNumber],
};

/** Numbers that JavaScript can't hold are bigint. */
function toNumber(text: string): number | bigint {
  const value = Number(text);
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

function readJson(cursor: TokenCursor): Value {
  const { kind, text } = cursor.peek();
  if (cursor.accept('[')) {
    const items: Value[] = [];
    while (!cursor.accept(']')) {
      items.push(readJson(cursor));
      if (!cursor.isNext(']')) cursor.expect(',');
    }
    return items;
  }
  if (cursor.accept('{')) return readObject(cursor);
  if (cursor.accept('-')) return -Number(cursor.next().text);
  cursor.next();
  if (kind === 'string') return text;
  if (kind === 'number') return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text === 'null' ? null : cursor.fail();
}

function readObject(cursor: TokenCursor): Value {
  const members: [string, Value][] = [];
  while (!cursor.accept('}')) {
    const name = cursor.next().text;
    cursor.expect(':');
    members.push([name, readJson(cursor)]);
    if (!cursor.isNext('}')) cursor.expect(',');
  }
  return Object.fromEntries(members);
}

function toLiteral(type: KqlType, value: Value): Literal {
  return { kind: 'literal', type, value };
}
