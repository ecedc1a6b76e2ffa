import { findResource } from '../directory.ts';
import type { Directory, Tenant, User } from './directory-model.ts';
import type { ResourceApi } from './resources.ts';

/** The delegated scope that each of the partner's own APIs has. */
export const DELEGATED_SCOPE = 'user_impersonation';

/** The partner's own API that a scope such as `api://…/user_impersonation` names. */
export function findDelegatedApi(directory: Directory, scope: string): ResourceApi | undefined {
  const suffix = `/${DELEGATED_SCOPE}`;
  if (!scope.startsWith('api://') || !scope.endsWith(suffix)) return undefined;
  return findResource(directory, scope.slice(0, -suffix.length));
}

/** The first API among the scopes that were asked for: an access token is for one. */
export function findAskedApi(directory: Directory, scope: string): ResourceApi | undefined {
  const found = scope.split(/\s+/).map((one) => findDelegatedApi(directory, one));
  return found.find((api) => api !== undefined);
}

/** The app roles that a person holds in an API of their own tenant. */
export function rolesOf(
  { tenantId }: Tenant,
  { appRoles = {} }: User,
  { api, homeTenantId }: { readonly api: ResourceApi; readonly homeTenantId: string },
): readonly string[] {
  return tenantId === homeTenantId ? (appRoles[api.key] ?? []) : [];
}
