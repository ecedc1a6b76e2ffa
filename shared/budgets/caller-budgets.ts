import { createBoundedMap } from '../bounded-map.ts';
import { BrokerError } from '../errors.ts';
import { MINUTE } from '../time.ts';
import { CALLER_LIMITS, type LimitedWork } from './caller-limits.ts';

/** What each caller may still have done in this process. */
export interface CallerBudgets {
  /** Takes one; throws `too_many_requests` that says when there is one again. */
  spend(callerId: string, work: LimitedWork): void;
  /** Gives one back that turned out to cost nothing. */
  giveBack(callerId: string, work: LimitedWork): void;
}

interface Bucket {
  readonly level: number;
  readonly at: number;
}

/** Far more callers and kinds than a partner has. */
const MAX_BUCKETS = 50_000;

/**
 * Creates token buckets, one for each caller and kind of work, so that one caller uses up nothing
 * of another's. A bucket begins full and fills evenly. Example: of `verify` a caller has 10 at
 * once, then one each 5 s.
 */
export function createCallerBudgets(now: () => number): CallerBudgets {
  const buckets = createBoundedMap<Bucket>(MAX_BUCKETS);

  const read = (key: string, work: LimitedWork, at: number): number => {
    const { burst, perMinute } = CALLER_LIMITS[work];
    const bucket = buckets.get(key);
    if (!bucket) return burst;
    // A clock that was set back fills nothing.
    const passed = Math.max(0, at - bucket.at);
    return Math.min(burst, bucket.level + (passed * perMinute) / MINUTE);
  };

  const move = (callerId: string, work: LimitedWork, by: number): void => {
    const [key, at] = [`${callerId}|${work}`, now()];
    const level = read(key, work, at) + by;
    if (level < 0) throw toTooManyError(work, -level);
    buckets.set(key, { level: Math.min(level, CALLER_LIMITS[work].burst), at });
  };

  return {
    spend: (callerId, work) => move(callerId, work, -1),
    giveBack: (callerId, work) => move(callerId, work, 1),
  };
}

function toTooManyError(work: LimitedWork, missing: number): BrokerError {
  const { perMinute } = CALLER_LIMITS[work];
  const description = `The caller has had too much work of the kind ${work} done.`;
  return new BrokerError('too_many_requests', description, {
    owner: 'caller',
    remedy: `Wait for the time in Retry-After; ${perMinute} a minute are served.`,
    retryAfterSeconds: Math.max(1, Math.ceil((missing * 60) / perMinute)),
    isLocal: true,
  });
}
