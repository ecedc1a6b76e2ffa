import type { GetHealth, HealthReport } from '../health/health-check.ts';
import type {
  FleetCoverage,
  FleetDirectory,
  GetFleetCoverage,
} from '../incidents/coverage/fleet-coverage.ts';
import { TENANT_STATUSES, type TenantStatus } from '../tenants/tenant.ts';
import { findNeeds, type Need } from './needs.ts';

/** What an operator sees first: who has to act, on what, and whether the broker itself is well. */
interface Overview {
  readonly at: number;
  readonly byStatus: Readonly<Record<TenantStatus, number>>;
  readonly coverage: FleetCoverage;
  readonly needs: readonly Need[];
  readonly health: HealthReport;
}

/**
 * Makes the overview from what this process knows of all tenants, as old as the view of all
 * tenants.
 */
export type GetOverview = () => Promise<Overview>;

/** Creates the overview. */
export function createGetOverview({
  fleet,
  getCoverage,
  getHealth,
  lateAfterMs,
  now,
}: {
  fleet: FleetDirectory;
  getCoverage: GetFleetCoverage;
  getHealth: GetHealth;
  lateAfterMs: number;
  now: () => number;
}): GetOverview {
  return async () => {
    const [standings = [], coverage, health] = await Promise.all([
      fleet.get('all'),
      getCoverage(() => true),
      getHealth(),
    ]);
    const byStatus = Object.fromEntries(TENANT_STATUSES.map((status) => [status, 0])) as Record<
      TenantStatus,
      number
    >;
    for (const { tenant } of standings) byStatus[tenant.status] += 1;
    const needs = findNeeds(standings, { lateAfterMs, now: now() });
    return { at: now(), byStatus, coverage, needs, health };
  };
}
