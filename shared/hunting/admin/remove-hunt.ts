import { mapAll } from '../../concurrency.ts';
import type { Hunt } from '../hunt.ts';
import type { HuntStore } from '../hunt-store.ts';
import type { ResultStore } from '../result-store.ts';

/**
 * Removes a hunt with everything that is stored about it; a repeat completes what a crash cut off.
 */
export type RemoveHunt = (hunt: Pick<Hunt, 'id' | 'callerId' | 'createdAt'>) => Promise<void>;

/** Runs that are read at once. */
const PAGE = 1000;

/** Tenants whose rows are removed at once. */
const CONCURRENCY = 8;

/** Creates the removal. The blobs go first: their tenants are known by the runs. */
export function createRemoveHunt({
  hunts,
  results,
}: {
  hunts: HuntStore;
  results: ResultStore;
}): RemoveHunt {
  return async (hunt) => {
    for (let from = 0; ; from += PAGE) {
      const runs = await hunts.listRuns(hunt.id, from, PAGE);
      // Who was never asked has no rows.
      const begun = runs.filter(({ startedAt }) => startedAt !== undefined);
      const tenantIds = begun.flatMap(({ tenantId }) => tenantId ?? []);
      await mapAll(tenantIds, CONCURRENCY, (tenantId) => results.removeTenant(tenantId, hunt.id));
      if (runs.length < PAGE) break;
    }
    await results.removeQuery(hunt.id);
    await hunts.remove(hunt);
  };
}
