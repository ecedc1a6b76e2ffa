import { createHash } from 'node:crypto';
import type { Store } from '../store.ts';

/**
 * `adminconsent` is the v2 endpoint; `authorize` the v1 link of Microsoft's partner-access page.
 */
export const CONSENT_FLOWS = ['adminconsent', 'authorize'] as const;

/** How the admin's consent is asked for. */
export type ConsentFlow = (typeof CONSENT_FLOWS)[number];

/** Somebody who accepted an invitation for a tenant without being known to administer it. */
export interface InvitationClaim {
  readonly tenantId: string;
  readonly domain: string | undefined;
  readonly userName: string | undefined;
  /** Epoch milliseconds. */
  readonly claimedAt: number;
}

/** A single-use link for one customer, kept under the hash of its id. Epoch milliseconds. */
export interface Invitation {
  readonly idHash: string;
  /** The only tenant that may use it, when pinned. */
  readonly tenantId: string | undefined;
  /** The domain by which the operator named that tenant. */
  readonly domain: string | undefined;
  /** What the tenant is to be called. */
  readonly displayName: string | undefined;
  readonly flow: ConsentFlow;
  readonly note: string | undefined;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** When somebody first pressed the button. */
  readonly openedAt: number | undefined;
  readonly signedInAt: number | undefined;
  /** When the last consent came in whose proof was begun. */
  readonly acceptedAt: number | undefined;
  /** Who waits for an operator's approval. */
  readonly claims: readonly InvitationClaim[];
  /**
   * The tenant whose consent was proven first, if in part: nobody else can use the invitation any
   * more.
   */
  readonly claimedBy: string | undefined;
  /** The tenant that it made active: it is used up. */
  readonly usedBy: string | undefined;
  readonly revokedAt: number | undefined;
  /** The offboarding after which it was made, for a tenant that is to come back. */
  readonly readmits: string | undefined;
}

/**
 * The invitations, by hash of the id: a reader of the table can't use them (re-consent links stand
 * with their tenant).
 */
export interface InvitationStore extends Store<string, Invitation> {
  /** All of them; links live for a month at most, so they are few. */
  list(): Promise<readonly Invitation[]>;
}

/** The link that the customer's admin opens. */
export function toConsentUrl(publicBaseUrl: string, invitationId: string): string {
  return `${publicBaseUrl}/api/consent/start?invitation=${encodeURIComponent(invitationId)}`;
}

/** What the invitation is kept under. */
export function hashInvitationId(invitationId: string): string {
  return createHash('sha256').update(invitationId).digest('base64url');
}
