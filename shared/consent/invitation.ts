import { createHash, randomBytes } from 'node:crypto';
import { BrokerError } from '../errors.ts';
import { type FindTombstone, toOffboardedError } from '../offboarding/tombstone.ts';
import type { Store } from '../store.ts';
import type { ResolveTenant } from '../tenants/tenant-name.ts';

/** `adminconsent` is the v2 endpoint; `authorize` the v1 link of Microsoft's partner-access page. */
export const CONSENT_FLOWS = ['adminconsent', 'authorize'] as const;

/** How the admin's consent is asked for. */
export type ConsentFlow = (typeof CONSENT_FLOWS)[number];

/** A single-use link for one customer, kept under the hash of its id. Epoch milliseconds. */
export interface Invitation {
  readonly idHash: string;
  /** The only tenant that may use it, when pinned. */
  readonly tenantId: string | undefined;
  readonly flow: ConsentFlow;
  readonly note: string | undefined;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** The tenant whose admin accepted first: nobody else can use the invitation any more. */
  readonly claimedBy: string | undefined;
  /** The tenant that it made active: it is used up. */
  readonly usedBy: string | undefined;
  /** The offboarding after which it was made, for a tenant that is to come back. */
  readonly readmits: string | undefined;
}

/** The invitations, by hash of the id: who reads the table can't use them (re-consent links stand with their tenant). */
export type InvitationStore = Store<string, Invitation>;

/** What an operator asks for. */
export interface InvitationRequest {
  /** GUID or verified domain. */
  readonly tenant?: string | undefined;
  readonly flow?: ConsentFlow | undefined;
  readonly expiresInSeconds?: number | undefined;
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

/** Creates an invitation; throws `invalid_request` when the tenant can't be resolved or may not come back. */
export type Invite = (request: InvitationRequest) => Promise<InvitationLink>;

/** Creates the function that invites. */
export function createInvite({
  invitations,
  resolveTenant,
  findTombstone,
  publicBaseUrl,
  now,
}: {
  invitations: InvitationStore;
  resolveTenant: ResolveTenant;
  findTombstone: FindTombstone;
  publicBaseUrl: string;
  now: () => number;
}): Invite {
  return async ({ tenant, flow, expiresInSeconds, note, createdBy, mayReadmit }) => {
    const tenantId = tenant === undefined ? undefined : await resolveTenant(tenant);
    if (tenant !== undefined && !tenantId) throw toUnknownTenantError();
    const readmits = tenantId === undefined ? undefined : await findTombstone(tenantId);
    if (readmits !== undefined && !mayReadmit) throw toOffboardedError();
    const invitationId = randomBytes(24).toString('base64url');
    const createdAt = now();
    const expiresAt = createdAt + (expiresInSeconds ?? DEFAULT_LIFE_SECONDS) * 1000;
    await invitations.insert({
      idHash: hashInvitationId(invitationId),
      tenantId,
      flow: flow ?? 'adminconsent',
      note,
      createdBy,
      createdAt,
      expiresAt,
      claimedBy: undefined,
      usedBy: undefined,
      readmits,
    });
    const consentUrl = toConsentUrl(publicBaseUrl, invitationId);
    return { invitationId, tenantId, consentUrl, expiresAt };
  };
}

/** The link that the customer's admin opens. */
export function toConsentUrl(publicBaseUrl: string, invitationId: string): string {
  return `${publicBaseUrl}/api/consent/start/${invitationId}`;
}

/** What the invitation is kept under. */
export function hashInvitationId(invitationId: string): string {
  return createHash('sha256').update(invitationId).digest('base64url');
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
