import { change } from '../store.ts';
import type { Invitation, InvitationStore } from './invitation.ts';

/** A tenant whose consent a token proved. */
interface ProvenTenant {
  readonly tenantId: string;
  /** Every required role is there: the invitation has served its purpose. */
  readonly isComplete: boolean;
}

/**
 * Gives an invitation to a tenant, after the proof and never before. The first proof wins. `false`:
 * it is another tenant's, it was withdrawn, or it is gone.
 */
export async function takeInvitation(
  invitations: InvitationStore,
  idHash: string,
  proven: ProvenTenant,
): Promise<boolean> {
  const { tenantId } = proven;
  const taken = await change(invitations, idHash, (invitation) =>
    invitation && mayTake(invitation, tenantId) ? take(invitation, proven) : invitation,
  );
  return taken !== undefined && mayTake(taken, tenantId);
}

/** Whether a proof of the tenant's consent may use the invitation. */
function mayTake({ revokedAt, tenantId: pin, claimedBy }: Invitation, tenantId: string): boolean {
  const isFor = (named: string | undefined) => named === undefined || named === tenantId;
  return revokedAt === undefined && isFor(pin) && isFor(claimedBy);
}

function take(invitation: Invitation, { tenantId, isComplete }: ProvenTenant): Invitation {
  const usedBy = isComplete ? tenantId : invitation.usedBy;
  if (invitation.claimedBy === tenantId && invitation.usedBy === usedBy) return invitation;
  return { ...invitation, claimedBy: tenantId, usedBy, claims: [] };
}
