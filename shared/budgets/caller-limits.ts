/** How often a caller may have something done: so many at once, then so many a minute. */
interface CallerLimit {
  readonly burst: number;
  readonly perMinute: number;
}

/**
 * Work that costs others something, by kind; `docs/behaviour.md` has the same table. Of one
 * process: instances share nothing.
 */
export const CALLER_LIMITS = {
  /** A page of a list, or of the feed. */
  list: { burst: 100, perMinute: 1200 },
  /** A request that may wait for changes. */
  long_poll: { burst: 20, perMinute: 120 },
  /** A test of a receiver, which is outside. */
  test: { burst: 5, perMinute: 6 },
  /** A domain that nobody has, which Entra was asked about. */
  domain: { burst: 20, perMinute: 20 },
  /** A proof of a tenant by fresh tokens. */
  verify: { burst: 10, perMinute: 12 },
  /** A hunt, which costs the quotas of many customers. */
  hunt: { burst: 60, perMinute: 60 },
  /** An incident with its alerts, which Microsoft is asked for. */
  alerts: { burst: 20, perMinute: 60 },
} as const satisfies Record<string, CallerLimit>;

/** A kind of work that has a limit. */
export type LimitedWork = keyof typeof CALLER_LIMITS;
