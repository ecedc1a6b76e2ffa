import type {
  InvitationFunnel,
  InvitationView,
} from '../../shared/invitations/invitation-funnel.ts';
import type { InvitationLink } from '../../shared/invitations/invite.ts';
import type { FindTenantNames } from '../../shared/overview/tenant-names.ts';

/** A new invitation: the only answer that holds the link. */
export function toLinkJson({ invitationId, consentUrl, expiresAt }: InvitationLink) {
  return {
    invitation_id: invitationId,
    consent_url: consentUrl,
    expires_at: toIso(expiresAt),
  };
}

/**
 * Invitations as operators see them later; an id is the hash of the link's, which opens nothing. A
 * customer that is known already is shown by its name, which the invitation itself does not hold: a
 * consent would give a tenant that was renamed its old name back.
 */
export async function toInvitationsJson(
  views: readonly InvitationView[],
  findTenantNames: FindTenantNames,
) {
  const names = await findTenantNames(views.map(findInvited));
  return views.map((view) => toInvitationJson(view, names.get(findInvited(view) ?? '')));
}

function findInvited({ invitation }: InvitationView): string | undefined {
  return invitation.usedBy ?? invitation.claimedBy ?? invitation.tenantId;
}

function toInvitationJson(
  { invitation, status, since }: InvitationView,
  tenantName: string | undefined,
) {
  return {
    invitation_id: invitation.idHash,
    status,
    status_since: toIso(since),
    tenant_id: invitation.tenantId,
    domain: invitation.domain,
    display_name: invitation.usedBy
      ? (tenantName ?? invitation.displayName)
      : (invitation.displayName ?? tenantName),
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
