import type { Log } from '../log.ts';
import { removeInBatches, type SweepLimits } from '../sweep.ts';
import type { ChangeFeed } from './feed/change-feed.ts';
import type { IncidentStore } from './incident-store.ts';
import { toInstant } from './instant.ts';

/** Removes incidents and changes past their retention, and what crashes left behind. */
export type SweepIncidents = () => Promise<void>;

const DAY = 24 * 60 * 60_000;

/** A reader of the feed may stay away so long. */
const FEED_RETENTION = 30 * DAY;

/** One run's worth: what is left is taken by the next, long before a run could time out. */
const LIMITS: SweepLimits = { batch: 5000, maxBatches: 20 };

/** Creates the daily sweep of incidents. */
export function createIncidentSweep({
  incidents,
  changeFeed,
  retentionMs,
  log,
  now,
}: {
  incidents: Pick<IncidentStore, 'removeBefore'> & {
    removeOrphans: (now: number) => Promise<number>;
  };
  changeFeed: Pick<ChangeFeed, 'removeBefore'>;
  retentionMs: number;
  log: Log;
  now: () => number;
}): SweepIncidents {
  return async () => {
    const startedAt = now();
    const oldest = toInstant(startedAt - retentionMs);
    const feedBegin = startedAt - FEED_RETENTION;
    const changes = await removeInBatches((n) => changeFeed.removeBefore(feedBegin, n), LIMITS);
    const removed = await removeInBatches((n) => incidents.removeBefore(oldest, n), LIMITS);
    const orphans = await incidents.removeOrphans(startedAt);
    log.info('sweep.incidents', {
      changes_removed: changes,
      incidents_removed: removed,
      orphans_removed: orphans,
      duration_ms: now() - startedAt,
    });
  };
}
