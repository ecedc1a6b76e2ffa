import { createHash } from 'node:crypto';

/**
 * What the ledger knows a tenant by, so that its rows outlive an offboarding without naming the
 * tenant.
 */
export function toTenantHash(tenantId: string): string {
  return createHash('sha256').update(tenantId).digest('base64url');
}
