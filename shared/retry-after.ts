/** No answer may silence a tenant for longer than an hour. */
const MAX_PAUSE_MS = 60 * 60_000;

/** One number or, where a proxy joined several headers, some. */
const SECONDS = /^\d+(?:\.\d+)?(?:\s*,\s*\d+(?:\.\d+)?)*$/;

/**
 * How long an answer asks us to wait, in milliseconds, from `Retry-After` (RFC 9110 section
 * 10.2.3): seconds, or a date. A date is compared with the answer's own `Date`, since our clock may
 * differ from the server's. `undefined`: it asks for nothing that can be understood.
 */
export function findRetryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (SECONDS.test(text)) return toPause(Math.max(...text.split(',').map(Number)) * 1000);
  const until = findHttpDate(text);
  return until === undefined ? undefined : toPause(until - (findServerTime(headers) ?? now));
}

/** The server's time when it answered, in epoch milliseconds. */
export function findServerTime(headers: Headers): number | undefined {
  return findHttpDate(headers.get('date') ?? '');
}

/** A pause within bounds, in whole milliseconds. */
export function toPause(milliseconds: number): number {
  return Math.min(Math.max(Math.ceil(milliseconds), 0), MAX_PAUSE_MS);
}

/** An HTTP date names its month; a bare number is none. */
function findHttpDate(text: string): number | undefined {
  const time = /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
