import { isIncomplete, type Tenant } from '../../shared/tenants/tenant.ts';
import type { ApiHandle } from '../api.ts';
import type { Services } from '../services.ts';
import { toTenantJson } from './tenant-json.ts';

/** `GET /tenants/{tenant}`: one tenant, with the link that repairs it where one can. */
export const getTenant: ApiHandle = async ({ http }, services) =>
  await toTenantResponse(await services.administration.get(http.params.tenant ?? ''), services);

/** The tenant as a response of every route that answers one. */
export async function toTenantResponse(tenant: Tenant, { getConsentUrl }: Services) {
  const consentUrl = isIncomplete(tenant) ? await getConsentUrl(tenant) : undefined;
  return { jsonBody: { ...toTenantJson(tenant), consent_url: consentUrl } };
}
