import type { Caller } from '../callers/caller.ts';
import { settleAll } from '../concurrency.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { IncidentAccess } from './incident-access.ts';

/** Which tenants' incidents a caller may see, decided once for one request. */
interface ReadableTenants {
  readonly decide: (tenantIds: readonly string[]) => Promise<void>;
  /** `false` too where nothing was decided. */
  readonly has: (tenantId: string) => boolean;
}

/** Tenants that are looked up at the same time. */
const CONCURRENCY = 10;

/**
 * Creates the decisions; `isAsked` leaves out tenants that the caller may see and did not ask for.
 */
export function createReadableTenants(
  access: IncidentAccess,
  caller: Caller,
  isAsked: (tenant: Tenant) => boolean = () => true,
): ReadableTenants {
  const decided = new Map<string, boolean>();
  return {
    async decide(tenantIds) {
      const open = [...new Set(tenantIds)].filter((tenantId) => !decided.has(tenantId));
      const outcomes = await settleAll(open, CONCURRENCY, async (tenantId) => {
        const tenant = await access.findReadable(caller, tenantId);
        decided.set(tenantId, tenant !== undefined && isAsked(tenant));
      });
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason;
    },
    has: (tenantId) => decided.get(tenantId) === true,
  };
}
