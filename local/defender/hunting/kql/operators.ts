import type { Compiled } from './compiled.ts';
import { toSemanticError } from './query-error.ts';
import { compareValues, type KqlType, type Row, type Value } from './value.ts';

/** A test of a text by another one; what has no value passes no test but a negated one. */
type TextMatch = (text: Value, part: Value) => boolean;

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** By the operator's name, in lower case unless it ends with `_cs`. */
const TEXT_TESTS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
  has: hasTerm,
  hasprefix: (text, part) => new RegExp(`(?<![a-z0-9])${quote(part)}`).test(text),
  hassuffix: (text, part) => new RegExp(`${quote(part)}(?![a-z0-9])`).test(text),
};

/** An operator between two values. */
export function toBinary(operator: string, left: Compiled, right: Compiled): Compiled {
  if (operator === 'and' || operator === 'or') return toLogical(operator, left, right);
  if (Object.hasOwn(COMPARISONS, operator)) return toComparison(operator, left, right);
  if ('+-*/%'.includes(operator)) return toArithmetic(operator, left, right);
  const matches = operator === 'matches regex' ? matchesRegex : toTextMatch(operator);
  return toBool((row) => matches(left.evaluate(row), right.evaluate(row)));
}

/** The test of an operator on texts. */
export function toTextMatch(operator: string): TextMatch {
  if (operator === '=~' || operator === '!~') {
    const isNegated = operator === '!~';
    return (text, part) =>
      (toText(text).toLowerCase() === toText(part).toLowerCase()) !== isNegated;
  }
  const isNegated = operator.startsWith('!');
  const [, name = '', suffix] = /^!?(\w+?)(_cs)?$/.exec(operator) ?? [];
  const test = TEXT_TESTS[name];
  if (!test) throw toSemanticError(`The operator '${operator}' is not known.`);
  const toCase = suffix ? toText : (value: Value) => toText(value).toLowerCase();
  return (text, part) => test(toCase(text), toCase(part)) !== isNegated;
}

/** A value as a text. */
export function toText(value: Value): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function toLogical(operator: 'and' | 'or', left: Compiled, right: Compiled): Compiled {
  for (const { type } of [left, right]) {
    if (type === 'bool' || type === 'dynamic') continue;
    throw toSemanticError(`The operator '${operator}' needs values of the type bool.`);
  }
  return operator === 'and'
    ? toBool((row) => left.evaluate(row) === true && right.evaluate(row) === true)
    : toBool((row) => left.evaluate(row) === true || right.evaluate(row) === true);
}

function toComparison(operator: string, left: Compiled, right: Compiled): Compiled {
  const holds = COMPARISONS[operator] ?? (() => false);
  if (!isComparable(left.type, right.type)) {
    throw toSemanticError(`Cannot compare values of types ${left.type} and ${right.type}.`);
  }
  return toBool((row) => {
    const [one, other] = [left.evaluate(row), right.evaluate(row)];
    if (one === null || other === null) return operator === '!=' || operator === '<>';
    return holds(compareValues(toSameKind(one, other), other));
  });
}

const NUMBERS: ReadonlySet<KqlType> = new Set(['int', 'long', 'real']);

function isComparable(one: KqlType, other: KqlType): boolean {
  if (one === other || one === 'dynamic' || other === 'dynamic') return true;
  return (NUMBERS.has(one) && NUMBERS.has(other)) || (one === 'guid' && other === 'string');
}

/** Members of dynamic values are compared as what they are compared with. */
function toSameKind(
  value: Exclude<Value, null>,
  other: Exclude<Value, null>,
): Exclude<Value, null> {
  if (typeof other === 'string') return toText(value);
  return typeof other === 'number' && typeof value === 'string' ? Number(value) : value;
}

function toArithmetic(operator: string, left: Compiled, right: Compiled): Compiled {
  const type = toResultType(operator, left.type, right.type);
  return {
    type,
    evaluate(row) {
      const [one, other] = [left.evaluate(row), right.evaluate(row)];
      return one === null || other === null ? null : calculate({ operator, type }, one, other);
    },
  };
}

function toResultType(operator: string, one: KqlType, other: KqlType): KqlType {
  if (one === 'datetime' && other === 'datetime') return 'timespan';
  if (one === 'datetime' || other === 'datetime') return 'datetime';
  if (one === 'timespan' && other === 'timespan') return operator === '/' ? 'real' : 'timespan';
  if (one === 'timespan' || other === 'timespan') return 'timespan';
  if (one === 'real' || other === 'real') return 'real';
  if (NUMBERS.has(one) || NUMBERS.has(other)) return 'long';
  throw toSemanticError(`The operator '${operator}' does not take ${one} and ${other}.`);
}

function calculate(
  { operator, type }: { readonly operator: string; readonly type: KqlType },
  one: Exclude<Value, null>,
  other: Exclude<Value, null>,
): Value {
  if (typeof one === 'bigint' && typeof other === 'bigint') {
    return type === 'real' ? Number(one) / Number(other) : calculateTicks(operator, one, other);
  }
  const [first, second] = [Number(one), Number(other)];
  const result = calculateNumber(operator, first, second);
  if (type === 'timespan') return BigInt(Math.round(result));
  if (Number.isNaN(result) || !Number.isFinite(result)) return null;
  return type === 'long' ? Math.trunc(result) : result;
}

function calculateTicks(operator: string, one: bigint, other: bigint): Value {
  switch (operator) {
    case '+':
      return one + other;
    case '-':
      return one - other;
    case '*':
      return one * other;
    case '/':
      return other === 0n ? null : one / other;
    default:
      return other === 0n ? null : one % other;
  }
}

function calculateNumber(operator: string, one: number, other: number): number {
  switch (operator) {
    case '+':
      return one + other;
    case '-':
      return one - other;
    case '*':
      return one * other;
    case '/':
      return one / other;
    default:
      return one % other;
  }
}

const matchesRegex: TextMatch = (text, pattern) => new RegExp(toText(pattern)).test(toText(text));

/** A term is what stands between characters that are no letters or digits. */
function hasTerm(text: string, part: string): boolean {
  return new RegExp(`(?<![A-Za-z0-9])${quote(part)}(?![A-Za-z0-9])`).test(text);
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function toBool(evaluate: (row: Row) => boolean): Compiled {
  return { type: 'bool', evaluate };
}
