import type { ApiHandle } from '../api.ts';
import { toTenantResponse } from './get-tenant.ts';

/** `POST /tenants/{tenant}/verify`: proves the tenant by fresh tokens, now. */
export const verifyTenant: ApiHandle = async ({ http, caller, correlationId }, services) => {
  const tenant = await services.administration.verify(http.params.tenant ?? '');
  const done = { act: 'tenant.verify', tenantId: tenant.tenantId } as const;
  await services.recordAct({ ...done, actor: caller.id, correlationId });
  return await toTenantResponse(tenant, services);
};
