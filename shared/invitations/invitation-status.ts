import { MINUTE } from '../time.ts';
import type { Invitation } from './invitation.ts';

/** How far an invitation has come. */
export const INVITATION_STATUSES = [
  'sent',
  'opened',
  'signed_in',
  'awaiting_approval',
  'verifying',
  'used',
  'expired',
  'revoked',
] as const;

/**
 * How far an invitation has come; `opened` means that somebody pressed the button, not that a
 * scanner read the page.
 */
export type InvitationStatus = (typeof INVITATION_STATUSES)[number];

/** As long as a proof is looked at; what took longer can be begun anew with the same link. */
const VERIFYING_MS = 15 * MINUTE;

/**
 * The status at a time. What ended comes first, then what happens without the operator, then what
 * waits for one.
 */
export function toInvitationStatus(invitation: Invitation, now: number): InvitationStatus {
  if (invitation.revokedAt !== undefined) return 'revoked';
  if (invitation.usedBy !== undefined) return 'used';
  if (isBeingProven(invitation, now)) return 'verifying';
  if (invitation.expiresAt <= now) return 'expired';
  if (invitation.claims.length > 0) return 'awaiting_approval';
  if (invitation.signedInAt !== undefined) return 'signed_in';
  return invitation.openedAt === undefined ? 'sent' : 'opened';
}

/** When the invitation came into its status, in epoch milliseconds. */
export function toStatusSince(invitation: Invitation, status: InvitationStatus): number {
  const { createdAt, openedAt, signedInAt, acceptedAt, expiresAt, revokedAt } = invitation;
  switch (status) {
    case 'sent':
      return createdAt;
    case 'opened':
      return openedAt ?? createdAt;
    case 'signed_in':
      return signedInAt ?? createdAt;
    case 'awaiting_approval':
      return Math.min(...invitation.claims.map(({ claimedAt }) => claimedAt));
    case 'verifying':
    case 'used':
      return acceptedAt ?? createdAt;
    case 'expired':
      return expiresAt;
    case 'revoked':
      return revokedAt ?? createdAt;
  }
}

function isBeingProven({ acceptedAt }: Invitation, now: number): boolean {
  return acceptedAt !== undefined && now - acceptedAt < VERIFYING_MS;
}
