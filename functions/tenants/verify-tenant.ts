import { apiRoute } from '../route.ts';
import { toTenantResponse } from './get-tenant.ts';

/** `POST /tenants/{tenant}/verify`: proves the tenant by fresh tokens, now. */
export const verifyTenant = apiRoute({
  id: 'verifyTenant',
  method: 'POST',
  path: 'api/tenants/{tenant}/verify',
  role: 'Tenants.Manage',
  work: 'verify',
  summary: 'Prove the tenant by fresh tokens, now.',
  answers: { 200: 'Tenant' },
  errors: ['tenant_disabled', 'invalid_request', 'tenant_not_found'],
  handle: async ({ params, caller, correlationId }, services) => {
    const tenant = await services.administration.verify(params.tenant);
    const done = { act: 'tenant.verify', tenantId: tenant.tenantId } as const;
    await services.recordEvent({ ...done, actor: caller.id, correlationId });
    return await toTenantResponse(tenant, services);
  },
});
