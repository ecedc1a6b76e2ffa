import { BrokerError } from '../errors.ts';
import { change } from '../store.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import type { ResolveTenant } from '../tenants/tenant-name.ts';
import type { AcceptConsent } from './accepted-consent.ts';
import {
  hashInvitationId,
  type Invitation,
  type InvitationClaim,
  type InvitationStore,
} from './invitation.ts';
import { toApprovalError, toNotFoundError } from './invitation-errors.ts';
import {
  type InvitationFunnel,
  type InvitationView,
  toFunnel,
  toInvitationView,
} from './invitation-funnel.ts';
import type { InvitationStatus } from './invitation-status.ts';
import { toInvitationStatus } from './invitation-status.ts';
import { ConsentRefused } from './refusal.ts';

/** Which invitations an operator wants to see. */
interface InvitationQuery {
  readonly status?: InvitationStatus | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** One page of invitations, newest first. */
interface InvitationPage {
  readonly invitations: readonly InvitationView[];
  /** All of them by status, whatever the query asks for. */
  readonly funnel: InvitationFunnel;
  readonly next: string | undefined;
}

/**
 * The operators' view of the invitations; an id is the one of the link or its hash, which lists
 * show.
 */
export interface InvitationAdministration {
  list(query: InvitationQuery): Promise<InvitationPage>;
  /**
   * Lets nobody use the link any more; one that was used stays used. Throws `invitation_not_found`.
   */
  revoke(id: string): Promise<InvitationView>;
  /**
   * Lets a tenant in that waits; `tenant` has to name it where several wait. Throws
   * `invalid_request`.
   */
  approve(id: string, tenant: string | undefined): Promise<InvitationView>;
}

/** What the administration is made of. */
interface InvitationAdministrationParts {
  readonly invitations: InvitationStore;
  readonly tenants: TenantStore;
  readonly resolveTenant: ResolveTenant;
  readonly acceptConsent: AcceptConsent;
  readonly now: () => number;
}

/** Creates the operators' functions. */
export function createInvitationAdministration(
  parts: InvitationAdministrationParts,
): InvitationAdministration {
  const toView = (invitation: Invitation) => toInvitationView(invitation, parts.now());
  return {
    async list({ status, after, limit }) {
      const all = (await parts.invitations.list()).map(toView).toSorted(compareNewestFirst);
      const rest = all.filter(
        (view) =>
          (after === undefined || toPosition(view) < after) &&
          (status === undefined || view.status === status),
      );
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      return {
        invitations: page,
        funnel: toFunnel(all),
        next: last && rest.length > limit ? toPosition(last) : undefined,
      };
    },
    revoke: async (id) => toView(await revoke(parts, findIdHash(id))),
    approve: async (id, tenant) => toView(await approve(parts, findIdHash(id), tenant)),
  };
}

/** `1764000000000.<hash>`: as text it sorts as the invitations do. */
function toPosition({ invitation: { createdAt, idHash } }: InvitationView): string {
  return `${String(createdAt).padStart(13, '0')}.${idHash}`;
}

function compareNewestFirst(a: InvitationView, b: InvitationView): number {
  return toPosition(a) < toPosition(b) ? 1 : -1;
}

/** The id in a link has 32 characters, its hash 43. */
function findIdHash(id: string): string {
  if (/^[\w-]{43}$/.test(id)) return id;
  if (/^[\w-]{32}$/.test(id)) return hashInvitationId(id);
  throw toNotFoundError();
}

async function revoke(
  { invitations, tenants, now }: InvitationAdministrationParts,
  idHash: string,
): Promise<Invitation> {
  const revoked = await change(invitations, idHash, (invitation) =>
    invitation && !invitation.usedBy && !invitation.revokedAt
      ? { ...invitation, revokedAt: now(), claims: [] }
      : invitation,
  );
  if (!revoked) throw toNotFoundError();
  if (revoked.tenantId !== undefined) await forgetLink(tenants, revoked.tenantId, idHash);
  return revoked;
}

/** A tenant's re-consent link is an invitation, too: the next refusal makes a new one. */
async function forgetLink(tenants: TenantStore, tenantId: string, idHash: string): Promise<void> {
  await change(tenants, tenantId, (tenant) =>
    tenant?.reconsent && hashInvitationId(tenant.reconsent.id) === idHash
      ? { ...tenant, reconsent: undefined }
      : tenant,
  );
}

async function approve(
  parts: InvitationAdministrationParts,
  idHash: string,
  tenant: string | undefined,
): Promise<Invitation> {
  const { invitations, now } = parts;
  const tenantId = tenant === undefined ? undefined : await parts.resolveTenant(tenant);
  if (tenant !== undefined && tenantId === undefined) throw toApprovalError('other_tenant');
  let claim: InvitationClaim | undefined;
  const pinned = await change(invitations, idHash, (invitation) => {
    if (!invitation) return undefined;
    claim = pickClaim(invitation, { tenantId, now: now() });
    return { ...invitation, tenantId: claim.tenantId, domain: claim.domain };
  });
  if (!pinned || !claim) throw toNotFoundError();
  await accept(parts, pinned, claim);
  return (await invitations.find(idHash))?.value ?? pinned;
}

/** What an operator approves is what the operator saw: of several claims it has to be named. */
function pickClaim(
  invitation: Invitation,
  { tenantId, now }: { tenantId: string | undefined; now: number },
): InvitationClaim {
  if (toInvitationStatus(invitation, now) !== 'awaiting_approval') {
    throw toApprovalError('nobody_waits');
  }
  const { claims, tenantId: pin } = invitation;
  const open = claims.filter((claim) => pin === undefined || claim.tenantId === pin);
  const [first, second] = open.filter((claim) => claim.tenantId === (tenantId ?? claim.tenantId));
  if (!first) throw toApprovalError('other_tenant');
  if (second) throw toApprovalError('several_wait');
  return first;
}

async function accept(
  { acceptConsent }: InvitationAdministrationParts,
  invitation: Invitation,
  { tenantId, domain }: InvitationClaim,
): Promise<void> {
  try {
    await acceptConsent({ tenantId, domain, invitation });
  } catch (error) {
    if (!(error instanceof ConsentRefused)) throw error;
    throw new BrokerError('invalid_request', 'The tenant can not use this invitation any more.', {
      owner: 'caller',
      remedy: 'Make a new invitation with POST /api/invitations that names the tenant.',
      cause: error,
    });
  }
}
