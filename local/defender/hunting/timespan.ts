import { findDatetime, TICKS_PER_MS } from './kql/value.ts';

/** A span of time in ticks since 1970. */
interface Interval {
  readonly from: bigint;
  readonly to: bigint;
}

const SIZES = [86_400_000, 3_600_000, 60_000, 1000];

/** What a `Timespan` says: `P30D`, `start/end`, `P30D/end`, `start/P30D` or a start. */
export function findInterval(text: string, now: number): Interval | undefined {
  const end = BigInt(now) * TICKS_PER_MS;
  const [first = '', second, ...rest] = text.split('/');
  if (rest.length > 0) return undefined;
  const [before, start] = [findDuration(first), findDatetime(first)];
  if (second === undefined) {
    const from = before === undefined ? start : end - before;
    return from === undefined ? undefined : { from, to: end };
  }
  const [after, stop] = [findDuration(second), findDatetime(second)];
  const from = start ?? (stop !== undefined && before !== undefined ? stop - before : undefined);
  const to = stop ?? (start !== undefined && after !== undefined ? start + after : undefined);
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** Months and years are no spans of one length; this stand-in does not take them. */
function findDuration(text: string): bigint | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!match || /^P(?:.*T)?$/.test(text)) return undefined;
  const ms = match
    .slice(1)
    .reduce((sum, part, place) => sum + Number(part ?? 0) * (SIZES[place] ?? 0), 0);
  return BigInt(Math.round(ms)) * TICKS_PER_MS;
}
