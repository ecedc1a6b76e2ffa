const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How many calls one tenant may make to one operation. */
export interface CallLimits {
  readonly perMinute: number;
  readonly perHour?: number;
}

/** Counts a call; `undefined` when it is allowed, else the whole seconds until one is. */
type CountCall = (key: string, limits: CallLimits) => number | undefined;

/** Counts allowed calls per key in sliding windows of a minute and an hour. */
export function createQuota(now: () => number): CountCall {
  const callsByKey = new Map<string, number[]>();
  return (key, { perMinute, perHour = Number.POSITIVE_INFINITY }) => {
    const time = now();
    const calls = (callsByKey.get(key) ?? []).filter((call) => call > time - HOUR);
    callsByKey.set(key, calls);
    const freeAt = Math.max(
      (calls.at(-perMinute) ?? Number.NEGATIVE_INFINITY) + MINUTE,
      Number.isFinite(perHour) ? (calls.at(-perHour) ?? Number.NEGATIVE_INFINITY) + HOUR : 0,
    );
    if (freeAt > time) return Math.ceil((freeAt - time) / 1000);
    calls.push(time);
    return undefined;
  };
}
