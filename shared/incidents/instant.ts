declare const brand: unique symbol;

/**
 * An instant of UTC with seven fraction digits, `2026-11-21T10:04:12.3100000Z`: Defender counts in
 * 100 ns, which a Date can't hold. Always equally long, so that texts compare as the instants do.
 */
export type Instant = string & { readonly [brand]: true };

const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/** Reads an OData date-time with any number of fraction digits; `undefined` when it is none. */
export function findInstant(text: string): Instant | undefined {
  const [, seconds, fraction = '', offset] = TIMESTAMP.exec(text) ?? [];
  const time = Date.parse(`${seconds}${offset}`);
  if (Number.isNaN(time)) return undefined;
  const whole = new Date(time).toISOString();
  // A year of more than four digits is neither OData nor equally long.
  if (whole.length !== 24) return undefined;
  return join(whole.slice(0, 19), fraction.slice(0, 7).padEnd(7, '0'));
}

/** The instant of an epoch time in milliseconds. */
export function toInstant(time: number): Instant {
  const [seconds = '', milliseconds = ''] = new Date(time).toISOString().slice(0, -1).split('.');
  return join(seconds, `${milliseconds}0000`);
}

/** Epoch milliseconds, what is finer cut off. */
export function toTime(instant: Instant): number {
  return Date.parse(`${instant.slice(0, 23)}Z`);
}

/** The instant so many milliseconds later, or earlier when negative. */
export function shift(instant: Instant, milliseconds: number): Instant {
  const moved = toInstant(toTime(instant) + milliseconds);
  return join(moved.slice(0, 19), `${moved.slice(20, 23)}${instant.slice(23, 27)}`);
}

/** The earlier of two. */
export function earlier(one: Instant, other: Instant): Instant {
  return one < other ? one : other;
}

function join(seconds: string, fraction: string): Instant {
  // The only place where the brand is given.
  return `${seconds}.${fraction}Z` as Instant;
}
