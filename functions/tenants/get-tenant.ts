import { isIncomplete, type Tenant } from '../../shared/tenants/tenant.ts';
import { toTenantVersion } from '../../shared/tenants/tenant-version.ts';
import { toSyncJson } from '../incidents/coverage-json.ts';
import { toEntityTag } from '../input/precondition.ts';
import { apiRoute } from '../route.ts';
import type { Services } from '../services.ts';
import { toTenantJson } from './tenant-json.ts';

/** `GET /tenants/{tenant}`: one tenant, with the link that repairs it where one can. */
export const getTenant = apiRoute({
  id: 'getTenant',
  method: 'GET',
  path: 'api/tenants/{tenant}',
  role: 'Tenants.Read',
  summary:
    'See one tenant: status, roles granted and missing, the last error with its owner, the sync of its incidents.',
  answers: { 200: 'Tenant' },
  hasETag: true,
  errors: ['invalid_request', 'tenant_not_found'],
  handle: async ({ params }, services) =>
    await toTenantResponse(await services.administration.get(params.tenant), services),
});

/** The tenant as a response of every route that answers one. */
export async function toTenantResponse(tenant: Tenant, { getConsentUrl, incidents }: Services) {
  const consentUrl = isIncomplete(tenant) ? await getConsentUrl(tenant) : undefined;
  const sync = toSyncJson(await incidents.getSync(tenant), tenant);
  const etag = toEntityTag(toTenantVersion(tenant));
  return {
    headers: { etag },
    jsonBody: { ...toTenantJson(tenant), etag, sync, consent_url: consentUrl },
  };
}
