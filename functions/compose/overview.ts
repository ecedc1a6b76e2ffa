import type { Config } from '../../shared/config.ts';
import type { GetHealth } from '../../shared/health/health-check.ts';
import type {
  FleetDirectory,
  GetFleetCoverage,
} from '../../shared/incidents/coverage/fleet-coverage.ts';
import { toLateAfter } from '../../shared/incidents/sync/sync-run.ts';
import type { SyncStateStore } from '../../shared/incidents/sync/sync-state.ts';
import { createListCustomers } from '../../shared/overview/list-customers.ts';
import { createGetOverview } from '../../shared/overview/overview.ts';
import { createFindTenantNames } from '../../shared/overview/tenant-names.ts';
import type { TenantAdministration } from '../../shared/tenant-administration.ts';

const { now } = Date;

/** Wires what operators see of all tenants at once. */
export function composeOverview(
  { incidentSyncIntervalMs, incidentSource }: Config,
  parts: {
    fleet: FleetDirectory;
    storage: { readonly syncStates: Pick<SyncStateStore, 'find'> };
    administration: TenantAdministration;
    getCoverage: GetFleetCoverage;
    getHealth: GetHealth;
  },
) {
  const { fleet } = parts;
  const { syncStates } = parts.storage;
  const lateAfterMs = toLateAfter(incidentSyncIntervalMs);
  const rules = { defaultSource: incidentSource, lateAfterMs };
  const { list } = parts.administration;
  return {
    getOverview: createGetOverview({ ...parts, fleet, lateAfterMs, now }),
    listCustomers: createListCustomers({ list, fleet, syncStates, rules, now }),
    findTenantNames: createFindTenantNames(fleet),
  };
}
