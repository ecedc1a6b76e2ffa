import type { Tenant, TenantStore } from './tenant.ts';

const PAGE = 999;

/** Every tenant, whatever its status, in GUID order. */
export async function readAllTenants(store: Pick<TenantStore, 'list'>): Promise<readonly Tenant[]> {
  const tenants: Tenant[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ limit: PAGE, ...(after !== undefined && { after }) });
    tenants.push(...page.tenants);
    after = page.next;
  } while (after !== undefined);
  return tenants;
}
