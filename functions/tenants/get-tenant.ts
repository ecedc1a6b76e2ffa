import { isIncomplete, type Tenant } from '../../shared/tenants/tenant.ts';
import type { ApiHandle } from '../api.ts';
import { toSyncJson } from '../incidents/coverage-json.ts';
import type { Services } from '../services.ts';
import { toTenantJson } from './tenant-json.ts';

/** `GET /tenants/{tenant}`: one tenant, with the link that repairs it where one can. */
export const getTenant: ApiHandle = async ({ http }, services) =>
  await toTenantResponse(await services.administration.get(http.params.tenant ?? ''), services);

/** The tenant as a response of every route that answers one. */
export async function toTenantResponse(tenant: Tenant, { getConsentUrl, incidents }: Services) {
  const consentUrl = isIncomplete(tenant) ? await getConsentUrl(tenant) : undefined;
  const sync = toSyncJson(await incidents.getSync(tenant), tenant);
  return { jsonBody: { ...toTenantJson(tenant), sync, consent_url: consentUrl } };
}
