import { createBoundedMap } from '../shared/bounded-map.ts';
import type { LogFields } from '../shared/log.ts';
import type { Metrics } from '../shared/telemetry/metrics.ts';
import { MINUTE } from '../shared/time.ts';

/** Far more callers and routes than ask beyond their budgets at a time. */
const MAX_KEYS = 1000;

const FIRST_AGE_MS = MINUTE;

/**
 * Creates what tells the refusals of a caller that goes on beyond its budget: all but the first of
 * a caller and a route in a minute. It asks hundreds of times a second, and a line for each would
 * cost the callers beside it as much as the refusal. All are counted.
 */
export function createRepeatedRefusals({
  meter,
  now,
}: {
  meter: Pick<Metrics, 'count'>;
  now: () => number;
}): (route: string, notes: LogFields) => boolean {
  const firstUntil = createBoundedMap<number>(MAX_KEYS);
  return (route, { error, caller }) => {
    if (error !== 'too_many_requests') return false;
    meter.count('requests.throttled', { route });
    const key = `${route}|${String(caller)}`;
    if (now() < (firstUntil.get(key) ?? 0)) return true;
    firstUntil.set(key, now() + FIRST_AGE_MS);
    return false;
  };
}
