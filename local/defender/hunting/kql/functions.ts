import type { Compiled } from './compiled.ts';
import { toText } from './operators.ts';
import { toSemanticError } from './query-error.ts';
import {
  findDatetime,
  findTimespan,
  formatDatetime,
  formatTimespan,
  type KqlType,
  type Row,
  type Value,
} from './value.ts';

/** A function of its arguments' values. */
interface ScalarFunction {
  /** Of a function that answers what it is given: the place of the argument. */
  readonly type: KqlType | number;
  readonly call: (args: readonly Value[], types: readonly KqlType[], now: bigint) => Value;
}

const DAY = 864_000_000_000n;
const HOUR = 36_000_000_000n;

const text = (call: (value: string, ...rest: Value[]) => Value): ScalarFunction => ({
  type: 'string',
  call: ([value = null, ...rest]) => call(toText(value), ...rest),
});
const test = (call: (...args: Value[]) => boolean): ScalarFunction => ({
  type: 'bool',
  call: (args) => call(...args),
});
const number = (call: (...args: Value[]) => Value): ScalarFunction => ({
  type: 'long',
  call: (args) => call(...args),
});

const isEmpty = (value: Value = null) => toText(value) === '';

const FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  now: { type: 'datetime', call: ([by = 0n], _, now) => now + toTicks(by) },
  ago: { type: 'datetime', call: ([by = 0n], _, now) => now - toTicks(by) },
  bin: { type: 0, call: ([value = null, size = null]) => toBin(value, size) },
  floor: { type: 0, call: ([value = null, size = null]) => toBin(value, size) },
  startofday: { type: 'datetime', call: ([value = null]) => toBin(value, DAY) },
  startofhour: { type: 'datetime', call: ([value = null]) => toBin(value, HOUR) },
  hourofday: number((value = null) =>
    typeof value === 'bigint' ? Number((value % DAY) / HOUR) : null,
  ),
  dayofweek: {
    type: 'timespan',
    // The first of January 1970 was a Thursday; the week begins with Sunday.
    call: ([value = null]) => (typeof value === 'bigint' ? ((value / DAY + 4n) % 7n) * DAY : null),
  },
  datetime_diff: number((unit = null, one = null, other = null) => {
    const size = findTimespan(`1${toText(unit).slice(0, 1)}`);
    if (typeof one !== 'bigint' || typeof other !== 'bigint' || size === undefined) return null;
    return Number(one / size - other / size);
  }),
  tostring: { type: 'string', call: ([value = null], [type]) => toTyped(value, type) },
  tolower: text((value) => value.toLowerCase()),
  toupper: text((value) => value.toUpperCase()),
  trim: text((pattern, value = null) =>
    toText(value).replace(new RegExp(`^(?:${pattern})+|(?:${pattern})+$`, 'g'), ''),
  ),
  strcat: {
    type: 'string',
    call: (args, types) => args.map((value, place) => toTyped(value, types[place])).join(''),
  },
  substring: text((value, from = 0, length = null) =>
    value.substring(Number(from), length === null ? undefined : Number(from) + Number(length)),
  ),
  replace_string: text((value, from = null, to = null) =>
    value.replaceAll(toText(from), toText(to)),
  ),
  extract: text((pattern, group = 0, value = null) => {
    const match = new RegExp(pattern).exec(toText(value));
    return match?.[Number(group)] ?? '';
  }),
  split: {
    type: 'dynamic',
    call: ([value = null, by = null]) => toText(value).split(toText(by)),
  },
  strlen: number((value = null) => toText(value).length),
  countof: number((value = null, part = null) => toText(value).split(toText(part)).length - 1),
  indexof: number((value = null, part = null) => toText(value).indexOf(toText(part))),
  array_length: number((value = null) => (Array.isArray(toJson(value)) ? toLength(value) : null)),
  tolong: number(toWhole),
  toint: { type: 'int', call: ([value = null]) => toWhole(value) },
  toreal: { type: 'real', call: ([value = null]) => toReal(value) },
  todouble: { type: 'real', call: ([value = null]) => toReal(value) },
  todatetime: {
    type: 'datetime',
    call: ([value = null]) =>
      typeof value === 'bigint' ? value : (findDatetime(toText(value)) ?? null),
  },
  totimespan: {
    type: 'timespan',
    call: ([value = null]) =>
      typeof value === 'bigint' ? value : (findTimespan(toText(value)) ?? null),
  },
  parse_json: { type: 'dynamic', call: ([value = null]) => toJson(value) },
  todynamic: { type: 'dynamic', call: ([value = null]) => toJson(value) },
  isempty: test(isEmpty),
  isnotempty: test((value = null) => !isEmpty(value)),
  isnull: test((value = null) => value === null),
  isnotnull: test((value = null) => value !== null),
  not: test((value = null) => value !== true),
  iff: { type: 1, call: ([is = null, one = null, other = null]) => (is === true ? one : other) },
  iif: { type: 1, call: ([is = null, one = null, other = null]) => (is === true ? one : other) },
  case: { type: 1, call: (args) => chooseCase(args) },
  coalesce: { type: 0, call: (args) => args.find((value) => value !== null) ?? null },
  abs: { type: 0, call: ([value = null]) => (typeof value === 'number' ? Math.abs(value) : value) },
  round: {
    type: 'real',
    call: ([value = null, digits = 0]) =>
      value === null ? null : Number(Number(value).toFixed(Number(digits))),
  },
  ipv4_is_private: test((value = null) =>
    /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(toText(value)),
  ),
};

/** A call with its arguments compiled. */
export function toFunction(name: string, args: readonly Compiled[], now: bigint): Compiled {
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!known) throw toSemanticError(`Unknown function: '${name}'.`);
  const types = args.map(({ type }) => type);
  const type = typeof known.type === 'number' ? (types[known.type] ?? 'dynamic') : known.type;
  const evaluate = (row: Row) =>
    known.call(
      args.map((arg) => arg.evaluate(row)),
      types,
      now,
    );
  return { type, evaluate };
}

/** A value as the text of its type. */
function toTyped(value: Value, type: KqlType | undefined): string {
  if (typeof value !== 'bigint') return toText(value);
  if (type === 'datetime') return formatDatetime(value);
  return type === 'timespan' ? formatTimespan(value) : String(value);
}

function toTicks(value: Value): bigint {
  return typeof value === 'bigint' ? value : 0n;
}

/** Rounded down to a multiple. */
function toBin(value: Value, size: Value): Value {
  if (typeof value === 'bigint' && typeof size === 'bigint') {
    if (size <= 0n) return null;
    const rest = ((value % size) + size) % size;
    return value - rest;
  }
  if (value === null || size === null) return null;
  return Math.floor(Number(value) / Number(size)) * Number(size);
}

function toWhole(value: Value = null): Value {
  if (typeof value === 'boolean') return Number(value);
  if (value === null || isEmpty(value) || Number.isNaN(Number(toText(value)))) return null;
  return typeof value === 'bigint' ? value : Math.trunc(Number(value));
}

function toReal(value: Value): Value {
  return value === null || isEmpty(value) ? null : Number(toText(value));
}

function toJson(value: Value): Value {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function toLength(value: Value): number {
  const list = toJson(value);
  return Array.isArray(list) ? list.length : 0;
}

function chooseCase(args: readonly Value[]): Value {
  for (let place = 0; place + 1 < args.length; place += 2) {
    if (args[place] === true) return args[place + 1] ?? null;
  }
  return args.at(-1) ?? null;
}
