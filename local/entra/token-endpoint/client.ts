import type { Call, EntraState } from '../context.ts';
import type { Application, ServicePrincipal, Tenant } from '../directory/directory-model.ts';
import { EntraError } from '../errors.ts';
import { findEffect } from '../faults.ts';

/** Gets a registered application; throws 700016. */
export function requireApplication(
  { directory }: EntraState,
  call: Call,
  clientId: string,
): Application {
  const application = directory.applications.get(clientId.toLowerCase());
  if (application !== undefined) return application;
  throw new EntraError(
    700016,
    `Application with identifier '${clientId}' was not found in the directory ` +
      `'${call.tenant?.displayName ?? call.segment}'. This can happen if the application has not ` +
      'been installed by the administrator of the tenant or consented to by any user in the ' +
      'tenant. You may have sent your authentication request to the wrong tenant.',
  );
}

/** Refuses a single-tenant application in another tenant than its own (650059). */
export function checkAudience(application: Application, tenant: Tenant): void {
  const { clientId, displayName, homeTenantId, signInAudience } = application;
  if (signInAudience !== 'AzureADMyOrg' || homeTenantId === tenant.tenantId) return;
  throw new EntraError(
    650059,
    `The application '${clientId}' (${displayName}) is not configured for use in the tenant ` +
      `'${tenant.tenantId}'. It is a single-tenant application of another directory.`,
  );
}

/** Gets the application's service principal in a tenant; throws 7000229 or 7000112. */
export function requireServicePrincipal(
  { effects }: Call,
  application: Application,
  tenant: Tenant,
): ServicePrincipal {
  const { clientId, displayName } = application;
  const principal = tenant.servicePrincipals.get(clientId);
  if (principal === undefined || findEffect(effects, 'consent-revoked') !== undefined) {
    throw new EntraError(
      7000229,
      `The client application ${clientId} is missing service principal in the tenant ` +
        `${tenant.tenantId}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
    );
  }
  const disabled = findEffect(effects, 'service-principal-disabled') !== undefined;
  if (!principal.accountEnabled || disabled) {
    throw new EntraError(7000112, `Application '${clientId}'(${displayName}) is disabled.`);
  }
  return principal;
}
