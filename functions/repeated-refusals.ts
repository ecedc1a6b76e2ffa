import { createBoundedMap } from '../shared/bounded-map.ts';
import type { LogFields } from '../shared/log.ts';
import type { Metrics } from '../shared/telemetry/metrics.ts';

/** Far more callers and routes than ask beyond their budgets at a time. */
const MAX_KEYS = 1000;

const QUIET_MS = 60_000;

/**
 * Creates what decides whether a call has a line. A caller beyond its budget asks hundreds of times
 * a second, and each line would cost the callers beside it as much as the refusal. All are counted;
 * the first of a caller and a route in a minute has a line.
 */
export function createThrottledLines({
  meter,
  now,
}: {
  meter: Pick<Metrics, 'count'>;
  now: () => number;
}): (route: string, notes: LogFields) => boolean {
  const quietUntil = createBoundedMap<number>(MAX_KEYS);
  return (route, { error, caller }) => {
    if (error !== 'too_many_requests') return true;
    meter.count('requests.throttled', { route });
    const key = `${route}|${String(caller)}`;
    if (now() < (quietUntil.get(key) ?? 0)) return false;
    quietUntil.set(key, now() + QUIET_MS);
    return true;
  };
}
