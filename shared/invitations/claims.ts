import type { Invitation, InvitationClaim } from './invitation.ts';

/**
 * A person with an open link could sign in at any number of own tenants; an operator looks at these
 * at most.
 */
const MAX_CLAIM_COUNT = 10;

/**
 * The invitation with one more claim; the first one of a tenant stands. `undefined`: too many wait
 * already.
 */
export function addClaim(invitation: Invitation, claim: InvitationClaim): Invitation | undefined {
  const { claims } = invitation;
  if (claims.some(({ tenantId }) => tenantId === claim.tenantId)) return invitation;
  if (claims.length >= MAX_CLAIM_COUNT) return undefined;
  return { ...invitation, claims: [...claims, claim] };
}

/**
 * The invitation when a proof begins: a tenant that is proven waits for nobody, and a pin shuts out
 * all others.
 */
export function withAcceptance(
  invitation: Invitation,
  { tenantId, acceptedAt }: { tenantId: string; acceptedAt: number },
): Invitation {
  const claims = invitation.claims.filter((claim) => claim.tenantId !== tenantId);
  return { ...invitation, acceptedAt, claims: invitation.tenantId === undefined ? claims : [] };
}
