import type { HuntStore } from '../hunting/hunt-store.ts';
import type { QuotaStore } from '../hunting/quota.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { type FindTombstone, toOffboardedError } from '../tenants/tombstone.ts';
import type { Purge } from './offboarding.ts';

const PAGE = 1000;

/** Hunts that keep no tenant that was offboarded while they were made. */
export function refuseLateHunts(
  hunts: HuntStore,
  { tenants, purge }: { tenants: Pick<TenantStore, 'list'>; purge: Purge },
): HuntStore {
  return {
    ...hunts,
    async create(hunt, progress, runs) {
      await hunts.create(hunt, progress, runs);
      const named = new Set(runs.map(({ tenantId }) => tenantId));
      for await (const { tenantId, offboarding } of listOffboarded(tenants)) {
        if (!named.has(tenantId)) continue;
        await purge({ tenantId, offboardingId: offboarding?.id ?? 'unknown' });
      }
    },
  };
}

/**
 * Quotas that take no new row of a tenant that was offboarded; an existing row can only be
 * replaced.
 */
export function refuseLateQuotas(quotas: QuotaStore, findTombstone: FindTombstone): QuotaStore {
  return {
    ...quotas,
    async insert(quota) {
      const written = await quotas.insert(quota);
      if (!(await findTombstone(quota.tenantId))) return written;
      await quotas.remove(quota.tenantId);
      throw toOffboardedError();
    },
  };
}

/** The tombstones themselves, past every cache: they are few, and a hunt names many tenants. */
async function* listOffboarded(tenants: Pick<TenantStore, 'list'>) {
  let after: string | undefined;
  do {
    const query = { status: 'offboarded', limit: PAGE, ...(after && { after }) } as const;
    const page = await tenants.list(query);
    yield* page.tenants;
    after = page.next;
  } while (after !== undefined);
}
