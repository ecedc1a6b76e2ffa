import { type CachedDirectory, createCachedDirectory } from '../cached-directory.ts';
import type { Tenant, TenantStore } from './tenant.ts';

/** The tenants as this process knows them. */
export type TenantDirectory = Pick<CachedDirectory<Tenant>, 'get' | 'forget'>;

/** Creates the cached view of the tenants' table. */
export function createTenantDirectory({
  tenants,
  now,
}: {
  tenants: Pick<TenantStore, 'find'>;
  now: () => number;
}): CachedDirectory<Tenant> {
  return createCachedDirectory({ records: tenants, now });
}
