/** The types of columns, by Kusto's names. */
export type KqlType =
  | 'bool'
  | 'datetime'
  | 'dynamic'
  | 'guid'
  | 'int'
  | 'long'
  | 'real'
  | 'string'
  | 'timespan';

/**
 * A value: times and spans are 100 ns ticks as bigint (of datetimes since 1970), dynamic is any
 * JSON; `null`: none.
 */
export type Value = string | number | bigint | boolean | null | Json;

/** A value of the type dynamic. */
type Json = readonly unknown[] | { readonly [name: string]: unknown };

/** A column of a table or of a result. */
export interface Column {
  readonly name: string;
  readonly type: KqlType;
}

/** A row, in the order of its columns. */
export type Row = readonly Value[];

/** Rows that are made when they are asked for. */
export interface Relation {
  readonly columns: readonly Column[];
  readonly rows: Iterable<Row>;
  /** The same rows of a span of time, its end excluded, found without a look at the others. */
  readonly within?: (from: bigint, to: bigint) => Iterable<Row>;
}

export const TICKS_PER_MS = 10_000n;

/** A datetime as Microsoft writes it: up to seven digits of a fraction. */
export function formatDatetime(ticks: bigint): string {
  const ms = ticks / TICKS_PER_MS - (ticks % TICKS_PER_MS < 0n ? 1n : 0n);
  const seconds = new Date(Number(ms)).toISOString().slice(0, 19);
  const fraction = String(ticks - (ms / 1000n) * 10_000_000n)
    .padStart(7, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

/** A datetime of any ISO 8601 form, without a zone in UTC; `undefined`: it is none. */
export function findDatetime(text: string): bigint | undefined {
  const [, date, clock = '00:00', seconds = ':00', fraction = '', zone = 'Z'] =
    /^\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.(\d{1,7}))?(Z|[+-]\d\d:\d\d)?)?\s*$/.exec(
      text,
    ) ?? [];
  const ms = Date.parse(`${date}T${clock}${seconds}${zone}`);
  if (Number.isNaN(ms)) return undefined;
  return BigInt(ms) * TICKS_PER_MS + BigInt(fraction.padEnd(7, '0'));
}

/** A timespan as Kusto writes it: `1.02:03:04.5000000`. */
export function formatTimespan(ticks: bigint): string {
  const sign = ticks < 0n ? '-' : '';
  const all = ticks < 0n ? -ticks : ticks;
  const two = (value: bigint) => String(value).padStart(2, '0');
  const days = all / DAY;
  const clock = [(all / HOUR) % 24n, (all / MINUTE) % 60n, (all / SECOND) % 60n].map(two);
  const fraction = all % SECOND === 0n ? '' : `.${String(all % SECOND).padStart(7, '0')}`;
  return `${sign}${days > 0n ? `${days}.` : ''}${clock.join(':')}${fraction}`;
}

const SECOND = 10_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

const UNITS: Readonly<Record<string, bigint>> = {
  d: DAY,
  h: HOUR,
  m: MINUTE,
  s: SECOND,
  ms: TICKS_PER_MS,
  microsecond: 10n,
  tick: 1n,
};

/** A timespan as `1d`, `1.5h` or `1.02:03:04.5`; `undefined`: it is none. */
export function findTimespan(text: string): bigint | undefined {
  const [, sign = '', amount, unit = ''] =
    /^\s*(-?)(\d+(?:\.\d+)?)(d|h|ms|microsecond|tick|m|s)\s*$/.exec(text) ?? [];
  if (amount !== undefined) {
    const ticks = BigInt(Math.round(Number(amount) * Number(UNITS[unit])));
    return sign === '-' ? -ticks : ticks;
  }
  const clock = /^\s*(-?)(?:(\d+)\.)?(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?\s*$/.exec(text);
  if (!clock) return undefined;
  const [, minus, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = clock;
  const ticks =
    BigInt(days) * DAY +
    BigInt(hours) * HOUR +
    BigInt(minutes) * MINUTE +
    BigInt(seconds) * SECOND +
    BigInt(fraction.padEnd(7, '0'));
  return minus === '-' ? -ticks : ticks;
}

/** Compares values of one type, as sorting and operators do; `null` is the least. */
export function compareValues(one: Value, other: Value): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  const [first, second] = [toComparable(one), toComparable(other)];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

function toComparable(value: Exclude<Value, null>): string | number | bigint {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** A text that is the same for equal values: what groups are told apart by. */
export function toKey(value: Value): string {
  if (typeof value === 'bigint') return `t${value}`;
  return typeof value === 'string' ? `s${value}` : JSON.stringify(value);
}
