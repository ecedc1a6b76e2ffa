import type { Config } from '../../shared/config.ts';
import { createDefenderXdrSource } from '../../shared/defender/defender-xdr.ts';
import { createGraphSource } from '../../shared/defender/graph.ts';
import type { IncidentSource } from '../../shared/incidents/incident-source.ts';
import { createIncidentWriter } from '../../shared/incidents/incident-writer.ts';
import { createRunSync } from '../../shared/incidents/sync/sync-run.ts';
import { createSyncTenant } from '../../shared/incidents/sync/sync-tenant.ts';
import { refuseLateIncidents } from '../../shared/offboarding/late-writes.ts';
import type { IncidentSourceName } from '../../shared/resources/incident-sources.ts';
import { DAY } from '../../shared/time.ts';
import type { TokenBroker } from '../../shared/tokens/token-broker.ts';
import type { Observer } from './observer.ts';
import { SLOT_SIZES } from './slot-sizes.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/** The APIs that incidents are read from, by name. */
export type Sources = Readonly<Record<IncidentSourceName, IncidentSource>>;

/**
 * Wires the sync: the APIs, the one way into the store, the timer's run and the tenant's message.
 */
export function composeIncidents(
  config: Config,
  { storage, tokens, observer }: { storage: Storage; tokens: Tokens; observer: Observer },
) {
  const { incidents, changeFeed, syncStates, tenants, enqueueSync } = storage;
  const sources = composeSources(config, { tokens, observer });
  const writeIncidents = refuseLateIncidents(
    createIncidentWriter({ incidents, changeFeed, now }),
    storage,
  );
  const common = {
    states: syncStates,
    enqueue: enqueueSync,
    intervalMs: config.incidentSyncIntervalMs,
    metrics: observer.metrics,
    log: observer.log,
    now,
  };
  const syncTenant = createSyncTenant({
    ...common,
    directory: tokens.directory,
    watch: tokens.watch,
    sources,
    incidents,
    write: writeIncidents,
    defaultSource: config.incidentSource,
    findProxiedCalls: async (tenantId, source) =>
      (await storage.apiCalls.find({ tenantId, resource: source }))?.value,
    backfillMs: config.incidentBackfillDays * DAY,
  });
  const slots = observer.slotControl.createSlots(SLOT_SIZES.sync);
  return {
    sources,
    writeIncidents,
    runSync: createRunSync({ ...common, tenants }),
    syncTenant: (tenantId: string) =>
      slots.run(
        () => syncTenant(tenantId),
        () => enqueueSync(tenantId, 0),
      ),
  };
}

/** Wires the APIs; their tokens come from the broker itself. */
export function composeSources(
  { apiUrls }: Pick<Config, 'apiUrls'>,
  {
    tokens,
    observer,
  }: {
    tokens: { readonly broker: Pick<TokenBroker, 'getToken'> };
    observer: Pick<Observer, 'fetch'>;
  },
): Sources {
  const optionsOf = (resource: IncidentSourceName) => ({
    fetch: observer.fetch,
    apiUrl: apiUrls[resource],
    getToken: async (tenantId: string) =>
      // Used at once, and a customer may have made its tokens short: any that works will do.
      (await tokens.broker.getToken({ tenantId, resource }, 0)).accessToken,
    now,
  });
  return {
    'defender-xdr': createDefenderXdrSource(optionsOf('defender-xdr')),
    graph: createGraphSource(optionsOf('graph')),
  };
}
