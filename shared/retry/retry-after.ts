import { HOUR, MINUTE } from '../time.ts';

/** No answer may silence a tenant for longer than an hour. */
const MAX_PAUSE_MS = HOUR;

/** Headers as they are read: by name, in lower case. */
export type ReadableHeaders = Pick<Headers, 'get'>;

/** One number or, where a proxy joined several headers, some. */
const SECONDS = /^\d+(?:\.\d+)?(?:\s*,\s*\d+(?:\.\d+)?)*$/;

/**
 * How long an answer asks us to wait, in milliseconds, from `Retry-After` (RFC 9110 section
 * 10.2.3): seconds, or a date. A date is compared with the answer's own `Date`, since our clock may
 * differ from the server's. Without the header, what the message of an error body says counts,
 * where one is given. `undefined`: it asks for nothing that can be understood.
 */
export function findRetryAfter(
  headers: ReadableHeaders,
  now: number,
  message = '',
): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (SECONDS.test(text)) return toPause(Math.max(...text.split(',').map(Number)) * 1000);
  const until = findHttpDate(text);
  if (until === undefined) return findPauseInMessage(message, now);
  return toPause(until - (findServerTime(headers) ?? now));
}

/** A wait as `Retry-After` and `retry_after` say it. */
export function toRetryAfterSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}

/** The server's time when it answered, in epoch milliseconds. */
export function findServerTime(headers: ReadableHeaders): number | undefined {
  return findHttpDate(headers.get('date') ?? '');
}

/** An HTTP date names its month; a bare number is none. */
function findHttpDate(text: string): number | undefined {
  const time = /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?/;
const UNIT = '(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h)\\b';
const PAUSE = new RegExp(`\\b(?:in|after|wait)\\s+(\\d+(?:\\.\\d+)?)(?:\\s*${UNIT})?`, 'gi');
const AMOUNT = new RegExp(`\\b(\\d+(?:\\.\\d+)?)\\s*${UNIT}`, 'gi');

/**
 * Defender's pages promise that the message tells when the quota resets, and show no sample. Hence
 * any time in it counts, or else its last amount of time.
 */
function findPauseInMessage(message: string, now: number): number | undefined {
  const [instant, zone = 'Z'] = INSTANT.exec(message) ?? [];
  if (instant) return findPauseUntil(instant.endsWith(zone) ? instant : `${instant}Z`, now);
  const [, amount, unit = 's'] =
    [...message.matchAll(PAUSE)].at(-1) ?? [...message.matchAll(AMOUNT)].at(-1) ?? [];
  return amount === undefined ? undefined : toPause(Number(amount) * toMilliseconds(unit));
}

function findPauseUntil(instant: string, now: number): number | undefined {
  const time = Date.parse(instant);
  return Number.isNaN(time) ? undefined : toPause(time - now);
}

function toMilliseconds(unit: string): number {
  const name = unit.toLowerCase();
  if (name.startsWith('ms') || name.startsWith('milli')) return 1;
  if (name.startsWith('s')) return 1000;
  return name.startsWith('m') ? MINUTE : HOUR;
}

/** A pause within bounds, in whole milliseconds. */
function toPause(milliseconds: number): number {
  return Math.min(Math.max(Math.ceil(milliseconds), 0), MAX_PAUSE_MS);
}
