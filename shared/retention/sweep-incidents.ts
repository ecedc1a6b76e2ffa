import { mapAll } from '../concurrency.ts';
import type { ChangeFeed } from '../incidents/feed/change-feed.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { toInstant } from '../incidents/instant.ts';
import type { Log } from '../log.ts';
import { readAllTenants } from '../tenants/all-tenants.ts';
import type { Tenant, TenantStore } from '../tenants/tenant.ts';
import { removeInBatches, type SweepLimits } from './remove-in-batches.ts';
import type { GetRetentionMs } from './retention.ts';

/** Removes incidents and changes past their retention, and what crashes left behind. */
type SweepIncidents = () => Promise<void>;

/** Changes of one run: what is left is taken by the next, long before a run could time out. */
const CHANGE_LIMITS: SweepLimits = { batch: 5000, maxBatches: 20 };

/** The same of all tenants' incidents together. */
const INCIDENT_BATCH = 5000;
const MAX_INCIDENTS = 100_000;

/** Tenants that are looked at at the same time. */
const CONCURRENCY = 8;

/** What the sweep of incidents works on. */
interface IncidentSweepParts {
  readonly tenants: Pick<TenantStore, 'list'>;
  readonly incidents: Pick<IncidentStore, 'removeBefore'> & {
    removeOrphans: (now: number) => Promise<number>;
  };
  readonly changeFeed: Pick<ChangeFeed, 'removeBefore'>;
  readonly getRetentionMs: GetRetentionMs;
  readonly log: Log;
  readonly now: () => number;
}

/** Creates the daily sweep of incidents. */
export function createIncidentSweep(parts: IncidentSweepParts): SweepIncidents {
  const { incidents, changeFeed, getRetentionMs, log, now } = parts;
  return async () => {
    const startedAt = now();
    const feedBegin = startedAt - getRetentionMs('changes');
    const changes = await removeInBatches(
      (limit) => changeFeed.removeBefore(feedBegin, limit),
      CHANGE_LIMITS,
    );
    const removed = await removeOldIncidents(parts, startedAt);
    const orphans = await incidents.removeOrphans(startedAt);
    log.info('sweep.incidents', {
      changes_removed: changes,
      incidents_removed: removed,
      orphans_removed: orphans,
      duration_ms: now() - startedAt,
    });
  };
}

/** Removes each tenant's old incidents; one tenant that fails holds no other up. */
async function removeOldIncidents(
  { tenants, incidents, getRetentionMs }: IncidentSweepParts,
  startedAt: number,
): Promise<number> {
  let left = MAX_INCIDENTS;
  const removeOf = async (tenant: Tenant) => {
    const instant = toInstant(startedAt - getRetentionMs('incidents', tenant));
    while (left > 0) {
      const limit = Math.min(left, INCIDENT_BATCH);
      left -= limit;
      const removed = await incidents.removeBefore(tenant.tenantId, { instant, limit });
      left += limit - removed;
      if (removed < limit) return;
    }
  };
  await mapAll(await readAllTenants(tenants), CONCURRENCY, removeOf);
  return MAX_INCIDENTS - left;
}
