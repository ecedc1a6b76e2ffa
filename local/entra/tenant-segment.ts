import type { Call } from './context.ts';
import type { Tenant } from './directory/directory-model.ts';
import { EntraError } from './errors.ts';
import { findEffect } from './faults.ts';

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;

/** Whether a request names no tenant of its own. */
export function isTenantIndependent(segment: string): boolean {
  return segment === 'common' || segment === 'organizations' || segment === 'consumers';
}

/** The tenant that the path names; throws 90002 or 900023. */
export function requireTenant(call: Call, error?: string): Tenant {
  const { segment, tenant } = call;
  const gone = findEffect(call.effects, 'tenant-gone') !== undefined;
  if (tenant !== undefined && !gone) return tenant;
  if (!GUID.test(segment) && !DOMAIN.test(segment)) {
    throw new EntraError(
      900023,
      `Specified tenant identifier '${segment}' is neither a valid DNS name, nor a valid external domain.`,
      error,
    );
  }
  throw new EntraError(
    90002,
    `Tenant '${segment}' not found. Check to make sure you have the correct tenant ID and are ` +
      'signing into the correct cloud. Check with your subscription administrator, this may ' +
      'happen if there are no active subscriptions for the tenant.',
    error,
  );
}
