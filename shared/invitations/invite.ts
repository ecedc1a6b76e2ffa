import { randomBytes } from 'node:crypto';
import { BrokerError } from '../errors.ts';
import { findGuid } from '../guid.ts';
import { findTenantName, type ResolveTenant } from '../tenants/tenant-name.ts';
import { type FindTombstone, toOffboardedError } from '../tenants/tombstone.ts';
import {
  type ConsentFlow,
  hashInvitationId,
  type Invitation,
  type InvitationStore,
  toConsentUrl,
} from './invitation.ts';

/** What an operator asks for. */
export interface InvitationRequest {
  /** GUID or verified domain. */
  readonly tenant?: string | undefined;
  readonly flow?: ConsentFlow | undefined;
  readonly expiresInSeconds?: number | undefined;
  readonly displayName?: string | undefined;
  readonly note?: string | undefined;
  readonly createdBy: string;
  /** It may bring an offboarded tenant back: only an operator wants that. */
  readonly mayReadmit?: boolean | undefined;
}

/** What the operator sends to the customer. */
export interface InvitationLink {
  readonly invitationId: string;
  /** The tenant it is pinned to. */
  readonly tenantId: string | undefined;
  readonly consentUrl: string;
  readonly expiresAt: number;
}

/** An admin who is on holiday comes back within a week or two. */
const DEFAULT_LIFE_SECONDS = 7 * 24 * 60 * 60;

/**
 * Creates an invitation; throws `invalid_request` when the tenant can't be resolved or may not come
 * back.
 */
export type Invite = (request: InvitationRequest) => Promise<InvitationLink>;

/** Creates the function that invites. */
export function createInvite(parts: {
  invitations: Pick<InvitationStore, 'insert'>;
  resolveTenant: ResolveTenant;
  findTombstone: FindTombstone;
  publicBaseUrl: string;
  now: () => number;
}): Invite {
  return async (request) => {
    const { tenant, createdBy } = request;
    const tenantId = tenant === undefined ? undefined : await parts.resolveTenant(tenant);
    if (tenant !== undefined && !tenantId) throw toUnknownTenantError();
    const readmits = tenantId === undefined ? undefined : await parts.findTombstone(tenantId);
    if (readmits !== undefined && !request.mayReadmit) throw toOffboardedError();
    const invitationId = randomBytes(24).toString('base64url');
    const createdAt = parts.now();
    const lifeSeconds = request.expiresInSeconds ?? DEFAULT_LIFE_SECONDS;
    const invitation = {
      ...createInvitation(hashInvitationId(invitationId)),
      tenantId,
      domain: tenant === undefined || findGuid(tenant) ? undefined : findTenantName(tenant),
      displayName: request.displayName,
      flow: request.flow ?? 'adminconsent',
      note: request.note,
      createdBy,
      createdAt,
      expiresAt: createdAt + lifeSeconds * 1000,
      readmits,
    };
    await parts.invitations.insert(invitation);
    const consentUrl = toConsentUrl(parts.publicBaseUrl, invitationId);
    return { invitationId, tenantId, consentUrl, expiresAt: invitation.expiresAt };
  };
}

/** An open invitation that nobody has opened yet, and that has ended. */
export function createInvitation(idHash: string): Invitation {
  return {
    idHash,
    tenantId: undefined,
    domain: undefined,
    displayName: undefined,
    flow: 'adminconsent',
    note: undefined,
    createdBy: 'broker',
    createdAt: 0,
    expiresAt: 0,
    openedAt: undefined,
    signedInAt: undefined,
    acceptedAt: undefined,
    claims: [],
    claimedBy: undefined,
    usedBy: undefined,
    revokedAt: undefined,
    readmits: undefined,
  };
}

function toUnknownTenantError(): BrokerError {
  return new BrokerError(
    'invalid_request',
    'The parameter tenant names a domain that Entra does not know.',
    {
      owner: 'caller',
      remedy: "Use the tenant's id (GUID) or one of its verified domains.",
    },
  );
}
