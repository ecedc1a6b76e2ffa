import type { AcceptConsent } from '../invitations/accepted-consent.ts';
import type { Admit } from '../invitations/admission.ts';
import {
  hashInvitationId,
  type Invitation,
  type InvitationStore,
} from '../invitations/invitation.ts';
import { ConsentRefused } from '../invitations/refusal.ts';
import type { Log } from '../log.ts';
import type { ResourceName } from '../resources/resources.ts';
import { change } from '../store.ts';
import type { ResolveTenant } from '../tenants/tenant-name.ts';
import { DAY, MINUTE } from '../time.ts';
import type { Attempt, Attempts } from './attempt.ts';
import type { ConsentSeal } from './consent-seal.ts';
import type { EntraConsent } from './entra-consent.ts';

/**
 * The query parameters that Entra's redirects may carry; every one is a claim of whoever sent the
 * browser here.
 */
export interface ConsentAnswer {
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  readonly error_subcode?: string | undefined;
  readonly error_description?: string | undefined;
  readonly admin_consent?: string | undefined;
  readonly tenant?: string | undefined;
}

/**
 * Where the browser goes next; `wait`: another request is at work on the same answer, ask again.
 */
export type ConsentStep = { readonly location: string } | { readonly wait: true };

/** What the flow is made of. */
export interface ConsentFlowParts {
  readonly invitations: InvitationStore;
  readonly attempts: Attempts;
  readonly seal: ConsentSeal;
  readonly entra: EntraConsent;
  readonly resolveTenant: ResolveTenant;
  /** The APIs of which customers are asked for app roles. */
  readonly asked: ReadonlySet<ResourceName>;
  /** Asked before the admin is, so that nobody consents in vain. */
  readonly admit: Admit;
  readonly acceptConsent: AcceptConsent;
  /** The page that says how the proof goes. */
  readonly statusUrl: string;
  readonly log: Log;
  readonly now: () => number;
}

/** An admin who has to look for a second factor or a colleague is still in time. */
export const ATTEMPT_LIFE_MS = 30 * MINUTE;

/** So long the browser that consented is told how it went, whenever it opens its link again. */
export const ACCEPTED_LIFE_MS = DAY;

/** The invitation, if it may still be used: by anybody, or by the tenant. */
export async function findUsable(
  parts: InvitationParts,
  invitationId: string,
  tenantId?: string,
): Promise<Invitation> {
  const invitation = await findOpen(parts, invitationId);
  const { usedBy, claimedBy } = invitation;
  // In a second tab, or on a colleague's screen, the same tenant may have come further.
  const isTaken = tenantId === undefined ? usedBy : (claimedBy ?? tenantId) !== tenantId;
  if (isTaken) throw new ConsentRefused('invitation_used');
  return invitation;
}

/** The invitation, whoever used it, if it has not ended. */
export async function findOpen(
  { invitations, now }: InvitationParts,
  invitationId: string,
): Promise<Invitation> {
  const invitation = (await invitations.find(hashInvitationId(invitationId)))?.value;
  if (!invitation) throw new ConsentRefused('invitation_unknown');
  const { usedBy, revokedAt, expiresAt } = invitation;
  if (revokedAt !== undefined) throw new ConsentRefused('invitation_revoked');
  if (expiresAt <= now() && usedBy === undefined) throw new ConsentRefused('invitation_expired');
  return invitation;
}

type InvitationParts = Pick<ConsentFlowParts, 'invitations' | 'now'>;

/** Notes when an invitation first came so far; later times change nothing. */
export async function recordProgress(
  { invitations, now }: InvitationParts,
  idHash: string,
  step: 'openedAt' | 'signedInAt',
): Promise<void> {
  await change(invitations, idHash, (invitation) =>
    invitation?.[step] === undefined && invitation ? { ...invitation, [step]: now() } : invitation,
  );
}

/** A pinned invitation is for its tenant only. */
export function assertPinned(invitation: Invitation, tenantId: string): void {
  if (invitation.tenantId && invitation.tenantId !== tenantId) {
    throw new ConsentRefused('wrong_tenant');
  }
}

/** The attempt at its end: only its status page is left. */
export function toAccepted({ now }: ConsentFlowParts, attempt: Attempt): Attempt {
  const stageAt = now();
  return { ...attempt, stage: 'accepted', stageAt, expiresAt: stageAt + ACCEPTED_LIFE_MS };
}
