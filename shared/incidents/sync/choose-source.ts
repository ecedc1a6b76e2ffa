import type { IncidentSourceName } from '../../resources/incident-sources.ts';
import { change, type Store } from '../../store.ts';
import { createSyncState, type SyncState } from './sync-state.ts';

/** Chooses the API that the tenant's next sync reads; `default`: as the setting says. */
type ChooseSource = (tenantId: string, chosen: IncidentSourceName | 'default') => Promise<void>;

/** A sync under way leaves the choice alone and ends with the API that it began with. */
export function createChooseSource(syncStates: Store<string, SyncState>): ChooseSource {
  return async (tenantId, chosen) => {
    const source = chosen === 'default' ? undefined : chosen;
    await change(syncStates, tenantId, (state = createSyncState(tenantId)) =>
      state.source === source ? state : { ...state, source },
    );
  };
}
