import { getResource, getTenant, guidOf, isProvisioned } from '../directory.ts';
import type {
  Application,
  AppRolesByResource,
  Directory,
  ServicePrincipal,
  User,
} from './directory-model.ts';

/** One application in one tenant. */
export interface InTenant {
  readonly tenantId: string;
  readonly clientId: string;
}

/**
 * Creates the enterprise application of a client in a tenant, without app roles, if it is missing.
 */
export function createServicePrincipal(directory: Directory, where: InTenant): ServicePrincipal {
  const { servicePrincipals } = getTenant(directory, where.tenantId);
  const existing = servicePrincipals.get(where.clientId);
  if (existing !== undefined) return existing;
  const oid = guidOf(`service principal ${where.clientId} ${where.tenantId}`);
  const created: ServicePrincipal = { oid, accountEnabled: true, grants: [] };
  servicePrincipals.set(where.clientId, created);
  return created;
}

/**
 * Grants app roles tenant-wide as an admin's acceptance does: by default what the application
 * requires, in every resource that the tenant has.
 */
export function grantConsent(
  directory: Directory,
  { roles, ...where }: InTenant & { readonly roles?: AppRolesByResource },
): ServicePrincipal {
  const principal = createServicePrincipal(directory, where);
  const tenant = getTenant(directory, where.tenantId);
  const wanted = roles ?? getApplication(directory, where.clientId).requiredAppRoles;
  for (const [key, values] of Object.entries(wanted)) {
    const resource = getResource(directory, key);
    if (!isProvisioned(tenant, resource)) continue;
    for (const role of values) {
      if (!resource.appRoles.some(({ value }) => value === role)) {
        throw new Error(`${resource.displayName} has no app role ${role}`);
      }
      assign(principal, { resource: key, role, grantedAt: directory.now(), tokensSince: 0 });
    }
  }
  return principal;
}

/** Deletes the enterprise application, as a customer does who withdraws the consent. */
export function revokeConsent(directory: Directory, { tenantId, clientId }: InTenant): void {
  getTenant(directory, tenantId).servicePrincipals.delete(clientId);
}

/** Removes one app role assignment; the enterprise application stays. */
export function dropRole(
  directory: Directory,
  { role, ...where }: InTenant & { readonly role: string },
): void {
  const principal = createServicePrincipal(directory, where);
  principal.grants = principal.grants.filter((grant) => grant.role !== role);
}

/** Sets "Enabled for users to sign in" of the enterprise application to No. */
export function disableServicePrincipal(directory: Directory, where: InTenant): void {
  createServicePrincipal(directory, where).accountEnabled = false;
}

/** Sets "Enabled for users to sign in" of the enterprise application back to Yes. */
export function enableServicePrincipal(directory: Directory, where: InTenant): void {
  createServicePrincipal(directory, where).accountEnabled = true;
}

/** The resources that an application requires and that the tenant lacks. */
export function missingResources(
  directory: Directory,
  { tenantId, clientId }: InTenant,
): readonly string[] {
  const tenant = getTenant(directory, tenantId);
  return Object.keys(getApplication(directory, clientId).requiredAppRoles).filter(
    (key) => !isProvisioned(tenant, getResource(directory, key)),
  );
}

/**
 * Whether a person may grant these app roles tenant-wide: application administrators may, except
 * for those of Microsoft Graph ("Grant tenant-wide admin consent to an application").
 */
export function mayGrant(user: User, roles: AppRolesByResource): boolean {
  if (user.roles.some((role) => anyApi.has(role))) return true;
  return !('graph' in roles) && user.roles.some((role) => anyApiButGraph.has(role));
}

const anyApi = new Set(['Global Administrator', 'Privileged Role Administrator']);
const anyApiButGraph = new Set(['Cloud Application Administrator', 'Application Administrator']);

function getApplication(directory: Directory, clientId: string): Application {
  const application = directory.applications.get(clientId);
  if (application === undefined) throw new Error(`The directory has no application ${clientId}`);
  return application;
}

function assign(
  principal: ServicePrincipal,
  grant: { resource: string; role: string; grantedAt: number; tokensSince: number },
): void {
  const held = principal.grants.some(
    ({ resource, role }) => resource === grant.resource && role === grant.role,
  );
  if (!held) principal.grants.push(grant);
}
