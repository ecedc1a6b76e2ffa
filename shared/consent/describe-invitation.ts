import type { Fields } from '../audit/field-changes.ts';
import { toTenantHash } from '../audit/tenant-hash.ts';
import type { Invitation } from './invitation.ts';

/** What audit events tell of an invitation: tenants by their hash, and no note, since that is a person's text. */
export function describeInvitation(invitation: Invitation): Fields {
  const { flow, createdBy, expiresAt, tenantId, claimedBy, usedBy } = invitation;
  return {
    flow,
    created_by: createdBy,
    expires_at: new Date(expiresAt).toISOString(),
    tenant: tenantId && toTenantHash(tenantId),
    claimed_by: claimedBy && toTenantHash(claimedBy),
    used_by: usedBy && toTenantHash(usedBy),
  };
}
