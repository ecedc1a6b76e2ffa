import type { SyncStateStore } from '../incidents/sync/sync-state.ts';
import type { IncidentSourceName } from '../resources/incident-sources.ts';

/**
 * Creates what says until when Microsoft Graph pauses a tenant's incident sync. Calls of both count
 * against the tenant's use of Graph, and incidents go first: the sync needs one call in minutes,
 * hunts make dozens in one.
 */
export function createFindSyncPause({
  syncStates,
  defaultSource,
}: {
  syncStates: Pick<SyncStateStore, 'find'>;
  defaultSource: IncidentSourceName;
}): (tenantId: string) => Promise<number | undefined> {
  return async (tenantId) => {
    const state = (await syncStates.find(tenantId))?.value;
    if ((state?.source ?? defaultSource) !== 'graph') return undefined;
    return state?.failure?.problem === 'throttled' ? state.failure.retryAt : undefined;
  };
}
