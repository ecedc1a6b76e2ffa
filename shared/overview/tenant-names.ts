import type { FleetDirectory } from '../incidents/coverage/fleet-coverage.ts';

/** The names of those of the tenants that have one, by GUID, as old as the view of all tenants. */
export type FindTenantNames = (
  tenantIds: Iterable<string | undefined>,
) => Promise<ReadonlyMap<string, string>>;

/** Creates the look-up: it reads what this process knows of all tenants. */
export function createFindTenantNames(fleet: Pick<FleetDirectory, 'get'>): FindTenantNames {
  return async (tenantIds) => {
    const asked = new Set(tenantIds);
    if (asked.size === 0) return new Map();
    const standings = (await fleet.get('all')) ?? [];
    return new Map(
      standings.flatMap(({ tenant: { tenantId, displayName } }) =>
        displayName !== undefined && asked.has(tenantId) ? [[tenantId, displayName]] : [],
      ),
    );
  };
}
