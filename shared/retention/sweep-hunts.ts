import type { RemoveHunt } from '../hunting/admin/remove-hunt.ts';
import type { HuntStore } from '../hunting/hunt-store.ts';
import type { ResultStore } from '../hunting/result-store.ts';
import type { Log } from '../log.ts';
import { DAY } from '../time.ts';
import type { GetRetentionMs } from './retention.ts';

/** Removes hunts past their retention, and what crashes left behind. */
export type SweepHunts = () => Promise<void>;

/** One run's worth: what is left is taken by the next. */
const MAX_HUNTS = 500;

/** Creates the daily sweep of hunts. */
export function createHuntSweep({
  hunts,
  results,
  removeHunt,
  getRetentionMs,
  log,
  now,
}: {
  hunts: Pick<HuntStore, 'listBefore'>;
  results: Pick<ResultStore, 'removeBefore'>;
  removeHunt: RemoveHunt;
  getRetentionMs: GetRetentionMs;
  log: Log;
  now: () => number;
}): SweepHunts {
  return async () => {
    const startedAt = now();
    const oldest = startedAt - getRetentionMs('hunts');
    const old = await hunts.listBefore(oldest, MAX_HUNTS);
    for (const hunt of old) await removeHunt(hunt);
    // Rows are younger than their hunt: what is a day older than any hunt belongs to none.
    const orphans = await results.removeBefore(oldest - DAY);
    log.info('sweep.hunts', {
      hunts_removed: old.length,
      orphans_removed: orphans,
      duration_ms: now() - startedAt,
    });
  };
}
