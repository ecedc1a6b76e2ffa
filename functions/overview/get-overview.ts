import type { Need, NeedingTenant } from '../../shared/overview/needs.ts';
import { toHealthJson } from '../health.ts';
import { toFleetJson } from '../incidents/coverage-json.ts';
import { apiRoute } from '../route.ts';
import { findHuntsJson } from './overview-hunts.ts';

/** The page shows so many of each need; the list of tenants has them all. */
const MAX_TENANTS_PER_NEED = 50;

/** `GET /overview`: what needs somebody now, and how the fleet and the broker are. */
export const getOverview = apiRoute({
  id: 'getOverview',
  method: 'GET',
  path: 'api/overview',
  role: 'Tenants.Read',
  work: 'list',
  summary:
    "See what needs somebody now, by owner, how the fleet and the broker are, and the caller's hunts that run or left customers out.",
  answers: { 200: 'Overview' },
  errors: [],
  handle: async ({ caller }, services) => {
    const [{ at, byStatus, coverage, needs, health }, hunts] = await Promise.all([
      services.getOverview(),
      findHuntsJson(caller, services),
    ]);
    return {
      jsonBody: {
        generated_at: toIso(at),
        version: services.version,
        tenants: byStatus,
        data: toFleetJson(coverage),
        needs: needs.map(toNeedJson),
        hunts,
        health: toHealthJson(health, at),
      },
    };
  },
});

function toNeedJson({ tenants, ...need }: Need) {
  return {
    ...need,
    count: tenants.length,
    tenants: tenants.slice(0, MAX_TENANTS_PER_NEED).map(toNeedingJson),
  };
}

function toNeedingJson({ tenant, since }: NeedingTenant) {
  return {
    tenant_id: tenant.tenantId,
    display_name: tenant.displayName,
    tenant_status: tenant.status,
    since: toIso(since),
  };
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}
