import type { ApiHandle } from '../api.ts';
import { toTenantResponse } from './get-tenant.ts';

/** `POST /tenants/{tenant}/verify`: proves the tenant by fresh tokens, now. */
export const verifyTenant: ApiHandle = async ({ http }, services) =>
  await toTenantResponse(await services.administration.verify(http.params.tenant ?? ''), services);
