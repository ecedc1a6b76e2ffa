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
  tenants: Pick<TenantStore, 'find'>;
  now: () => number;
}): TenantDirectory {
  const cache = createBoundedMap<{ tenant: Tenant; readAt: number }>();
  const share = createSingleFlight<Tenant | undefined>();

  // What is read when `forget` is called may be older than the change: it is answered, but not kept.
  let generation = 0;

  const load = (tenantId: string) =>
    share(`${generation}|${tenantId}`, async () => {
      const [readAt, readIn] = [now(), generation];
      const tenant = (await tenants.find(tenantId))?.value;
      if (readIn !== generation) return tenant;
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
    forget() {
      generation++;
      cache.clear();
    },
  };
}
