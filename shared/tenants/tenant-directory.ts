import { createBoundedMap } from '../bounded-map.ts';
import { createSingleFlight } from '../single-flight.ts';
import type { Tenant, TenantStore } from './tenant.ts';

/** The tenants as this process knows them. */
export interface TenantDirectory {
  /** The record, at most `RECORD_AGE` old; synchronous from memory. `undefined`: no such tenant. */
  get(tenantId: string): Tenant | undefined | Promise<Tenant | undefined>;
  /** Forgets all records. */
  forget(): void;
}

/** The epoch drops records within seconds of a change; this bounds a writer that died before it moved the epoch. */
const RECORD_AGE = 60_000;

/** Creates the cached view of the tenants' table. */
export function createTenantDirectory({
  tenants,
  now,
}: {
  tenants: TenantStore;
  now: () => number;
}): TenantDirectory {
  const cache = createBoundedMap<{ tenant: Tenant; readAt: number }>();
  const share = createSingleFlight<Tenant | undefined>();

  const load = (tenantId: string) =>
    share(tenantId, async () => {
      const readAt = now();
      const tenant = (await tenants.find(tenantId))?.value;
      if (tenant) cache.set(tenantId, { tenant, readAt });
      else cache.delete(tenantId);
      return tenant;
    });

  return {
    get(tenantId) {
      const cached = cache.get(tenantId);
      if (!cached) return load(tenantId);
      if (now() - cached.readAt < RECORD_AGE) return cached.tenant;
      return load(tenantId).catch(() => cached.tenant);
    },
    forget: cache.clear,
  };
}
