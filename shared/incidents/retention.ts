import type { Log } from '../log.ts';
import type { ChangeFeed } from './feed/change-feed.ts';
import type { IncidentStore } from './incident-store.ts';
import { toInstant } from './instant.ts';

/** Removes incidents and changes past their retention, and what crashes left behind. */
export type SweepIncidents = () => Promise<void>;

const DAY = 24 * 60 * 60_000;

/** A reader of the feed may stay away so long. */
const FEED_RETENTION = 30 * DAY;

/** One run's worth: what is left is taken by the next, long before a run could time out. */
const BATCH = 5000;
const MAX_BATCHES = 20;

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
    const changes = await empty(() => changeFeed.removeBefore(startedAt - FEED_RETENTION, BATCH));
    const removed = await empty(() => incidents.removeBefore(oldest, BATCH));
    const orphans = await incidents.removeOrphans(startedAt);
    log.info('sweep.incidents', {
      changes_removed: changes,
      incidents_removed: removed,
      orphans_removed: orphans,
      duration_ms: now() - startedAt,
    });
  };
}

async function empty(removeBatch: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const removed = await removeBatch();
    total += removed;
    if (removed < BATCH) break;
  }
  return total;
}
