import { hash } from 'node:crypto';

/**
 * What the ledger knows a tenant by, so that its rows outlive an offboarding without naming the
 * tenant.
 */
export function toTenantHash(tenantId: string): string {
  return hash('sha256', tenantId, 'base64url');
}
