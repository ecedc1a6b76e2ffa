const TICKS_PER_MILLISECOND = 10_000n;
const DATE_TIME_OFFSET = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?(Z|[+-]\d\d:\d\d)$/;

/** An OData date-time offset as 100-nanosecond ticks since 1970; `undefined` when it is not one. */
export function toTicks(text: string): bigint | undefined {
  const [, seconds, fraction = '', offset] = DATE_TIME_OFFSET.exec(text) ?? [];
  const milliseconds = Date.parse(`${seconds}${offset}`);
  if (Number.isNaN(milliseconds)) return undefined;
  const fractionTicks = BigInt(fraction.slice(0, 7).padEnd(7, '0'));
  return BigInt(milliseconds) * TICKS_PER_MILLISECOND + fractionTicks;
}

/**
 * A date-time offset as a UTC text of fixed length, which sorts as time does; `undefined` when it
 * is not one.
 */
export function toSortable(text: string): string | undefined {
  const [, seconds, fraction = '', offset] = DATE_TIME_OFFSET.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const utc = offset === 'Z' ? seconds : new Date(`${seconds}${offset}`).toISOString().slice(0, 19);
  return `${utc}.${fraction.slice(0, 7).padEnd(7, '0')}`;
}

/**
 * Epoch milliseconds and further ticks as a UTC timestamp with 0 to 7 fractional digits, without
 * trailing zeros, as the service writes them.
 */
export function toTimestamp(milliseconds: number, ticks = 0): string {
  const [seconds, fraction] = new Date(milliseconds).toISOString().slice(0, -1).split('.');
  const digits = `${fraction}${String(ticks).padStart(4, '0')}`.replace(/0+$/, '');
  return digits === '' ? `${seconds}Z` : `${seconds}.${digits}Z`;
}
