import {
  hashInvitationId,
  type Invitation,
  type InvitationStore,
} from '../invitations/invitation.ts';
import { ConsentRefused } from '../invitations/refusal.ts';
import type { Tenant, TenantStore } from '../tenants/tenant.ts';
import { type Attempt, type Attempts, hashBrowser, type Person } from './attempt.ts';

/** How an accepted consent stands. */
export type ConsentStanding =
  | 'verifying'
  | 'awaiting_approval'
  | 'active'
  | 'partial'
  | 'not_found'
  | 'paused';

/** What became of the consent that a browser gave. */
export interface ConsentOutcome {
  readonly outcome: ConsentStanding;
  readonly person: Person;
  /** `undefined`: nothing is recorded before the approval. */
  readonly tenant: Tenant | undefined;
  /** The link that this browser used, where it can be used again. */
  readonly invitationId: string | undefined;
  /** When the page may have news, while the proof goes on. */
  readonly nextLookSeconds: number | undefined;
}

/**
 * Between two looks of the page: often enough to feel live, seldom enough for a page that stays
 * open.
 */
const MIN_LOOK_SECONDS = 4;
const MAX_LOOK_SECONDS = 60;

/**
 * Finds the outcome of a browser's last accepted attempt, of one invitation where it is named.
 * `undefined`: this browser has none. Rejects with ConsentRefused when the link or the tenant ended
 * meanwhile.
 */
export type FindOutcome = (
  cookie: string | undefined,
  invitationId?: string,
) => Promise<ConsentOutcome | undefined>;

/** Creates the lookup. */
export function createFindOutcome(parts: {
  attempts: Attempts;
  invitations: InvitationStore;
  tenants: TenantStore;
  now: () => number;
}): FindOutcome {
  return async (cookie, invitationId) => {
    if (cookie === undefined) return undefined;
    const attempts = await parts.attempts.list(hashBrowser(cookie));
    const attempt = attempts.find(
      (one) => one.stage === 'accepted' && one.invitationId === (invitationId ?? one.invitationId),
    );
    if (!attempt?.person) return undefined;
    const { person } = attempt;
    const invitation = await parts.invitations.find(hashInvitationId(attempt.invitationId));
    const tenant = (await parts.tenants.find(person.tenantId))?.value;
    const found = { attempt, person, tenant, invitation: invitation?.value, now: parts.now() };
    const outcome = toOutcome(found);
    const nextLookSeconds = outcome === 'verifying' ? toNextLookSeconds(found) : undefined;
    return { outcome, person, tenant, invitationId: findReusable(found), nextLookSeconds };
  };
}

interface Found {
  readonly attempt: Attempt;
  readonly person: Person;
  readonly tenant: Tenant | undefined;
  readonly invitation: Invitation | undefined;
  readonly now: number;
}

/** The queue looks ever more seldom, and the page a second after it. */
function toNextLookSeconds({ tenant, now }: Found): number {
  const wait = Math.ceil(((tenant?.verification?.nextAt ?? now) - now) / 1000) + 1;
  return Math.min(Math.max(wait, MIN_LOOK_SECONDS), MAX_LOOK_SECONDS);
}

function toOutcome({ attempt, person, tenant, invitation, now }: Found): ConsentStanding {
  if (tenant?.status === 'offboarded') throw new ConsentRefused('tenant_offboarded');
  // Who waits for an approval is told nothing of a tenant, even of one that is known.
  const isApproved = !attempt.needsApproval || invitation?.tenantId === person.tenantId;
  if (!isApproved) return assertWaiting(invitation, person, now);
  if (!tenant) throw new ConsentRefused('state_missing');
  if (tenant.verification) return 'verifying';
  switch (tenant.status) {
    case 'active':
    case 'verifying':
    case 'partial':
      return tenant.status;
    case 'consent_revoked':
      return 'not_found';
    case 'disabled':
      return 'paused';
    default:
      return tenant.status satisfies never;
  }
}

function assertWaiting(
  invitation: Invitation | undefined,
  { tenantId }: Person,
  now: number,
): 'awaiting_approval' {
  if (invitation?.revokedAt !== undefined) throw new ConsentRefused('invitation_revoked');
  if (invitation?.claimedBy !== undefined) throw new ConsentRefused('invitation_used');
  if (!invitation || invitation.expiresAt <= now) throw new ConsentRefused('invitation_expired');
  if (invitation.claims.some((claim) => claim.tenantId === tenantId)) return 'awaiting_approval';
  throw new ConsentRefused('invitation_used');
}

function findReusable({ attempt, invitation, now }: Found): string | undefined {
  if (!invitation || invitation.usedBy !== undefined || invitation.revokedAt !== undefined) {
    return undefined;
  }
  return invitation.expiresAt > now ? attempt.invitationId : undefined;
}
