import type { Fields } from '../audit/describe/field-changes.ts';
import { toTenantHash } from '../audit/tenant-hash.ts';
import type { Invitation } from './invitation.ts';

/**
 * What audit events say of an invitation: tenants by their hash, and no note or name, since those
 * are a person's text.
 */
export function describeInvitation(invitation: Invitation): Fields {
  const { flow, createdBy, expiresAt, revokedAt, tenantId, claims, claimedBy, usedBy } = invitation;
  return {
    flow,
    created_by: createdBy,
    expires_at: new Date(expiresAt).toISOString(),
    revoked_at: revokedAt === undefined ? undefined : new Date(revokedAt).toISOString(),
    tenant: tenantId && toTenantHash(tenantId),
    waiting: claims.length === 0 ? undefined : claims.map(toClaimText).join(', '),
    claimed_by: claimedBy && toTenantHash(claimedBy),
    used_by: usedBy && toTenantHash(usedBy),
  };
}

function toClaimText({ tenantId }: Invitation['claims'][number]): string {
  return toTenantHash(tenantId);
}
