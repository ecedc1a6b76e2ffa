import * as v from 'valibot';
import { toPause } from '../retry-after.ts';

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?/;
const UNIT = '(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h)\\b';
const PAUSE = new RegExp(`\\b(?:in|after|wait)\\s+(\\d+(?:\\.\\d+)?)(?:\\s*${UNIT})?`, 'gi');
const AMOUNT = new RegExp(`\\b(\\d+(?:\\.\\d+)?)\\s*${UNIT}`, 'gi');

const errorSchema = v.object({ error: v.object({ message: v.string() }) });

/**
 * How long the message of an error body says. Defender's pages promise that it tells when the quota
 * resets and show no sample, hence any time in it, or else its last amount of time.
 */
export function findBodyPause(body: unknown, now: number): number | undefined {
  const parsed = v.safeParse(errorSchema, body);
  if (!parsed.success) return undefined;
  const { message } = parsed.output.error;
  const [instant, zone = 'Z'] = INSTANT.exec(message) ?? [];
  if (instant)
    return findPauseUntil(Date.parse(instant.endsWith(zone) ? instant : `${instant}Z`), now);
  const [, amount, unit = 's'] =
    [...message.matchAll(PAUSE)].at(-1) ?? [...message.matchAll(AMOUNT)].at(-1) ?? [];
  return amount === undefined ? undefined : toPause(Number(amount) * toMilliseconds(unit));
}

function toMilliseconds(unit: string): number {
  const name = unit.toLowerCase();
  if (name.startsWith('ms') || name.startsWith('milli')) return 1;
  if (name.startsWith('s')) return 1000;
  return name.startsWith('m') ? 60_000 : 60 * 60_000;
}

function findPauseUntil(time: number, now: number): number | undefined {
  return Number.isNaN(time) ? undefined : toPause(time - now);
}
