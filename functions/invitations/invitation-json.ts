import type {
  InvitationFunnel,
  InvitationView,
} from '../../shared/invitations/invitation-funnel.ts';
import type { InvitationLink } from '../../shared/invitations/invite.ts';

/** A new invitation: the only answer that holds the link. */
export function toLinkJson({ invitationId, consentUrl, expiresAt }: InvitationLink) {
  return {
    invitation_id: invitationId,
    consent_url: consentUrl,
    expires_at: toIso(expiresAt),
  };
}

/**
 * An invitation as operators see it later; its id is the hash of the link's, which opens nothing.
 */
export function toInvitationJson({ invitation, status, since }: InvitationView) {
  return {
    invitation_id: invitation.idHash,
    status,
    status_since: toIso(since),
    tenant_id: invitation.tenantId,
    domain: invitation.domain,
    display_name: invitation.displayName,
    flow: invitation.flow,
    note: invitation.note,
    created_by: invitation.createdBy,
    created_at: toIso(invitation.createdAt),
    expires_at: toIso(invitation.expiresAt),
    opened_at: toOptionalIso(invitation.openedAt),
    signed_in_at: toOptionalIso(invitation.signedInAt),
    accepted_at: toOptionalIso(invitation.acceptedAt),
    revoked_at: toOptionalIso(invitation.revokedAt),
    claims: invitation.claims.map(({ tenantId, domain, userName, claimedAt }) => ({
      tenant_id: tenantId,
      domain,
      user_name: userName,
      claimed_at: toIso(claimedAt),
    })),
    claimed_by: invitation.claimedBy,
    used_by: invitation.usedBy,
  };
}

/** How many have come how far. */
export function toFunnelJson(funnel: InvitationFunnel) {
  return Object.fromEntries(
    Object.entries(funnel).map(([status, { count, oldestSince }]) => [
      status,
      { count, oldest_since: toOptionalIso(oldestSince) },
    ]),
  );
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}

function toOptionalIso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : toIso(time);
}
