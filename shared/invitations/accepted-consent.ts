import type { Invitation } from './invitation.ts';

/** A consent that came in by an invitation, for a tenant that was verified at the sign-in. */
export interface AcceptedConsent {
  readonly tenantId: string;
  /** A domain that is the tenant's, where the sign-in showed one. */
  readonly domain: string | undefined;
  readonly invitation: Invitation;
}

/** Called when a consent came in from somebody who may give it; starts the proof. Idempotent. */
export type AcceptConsent = (consent: AcceptedConsent) => Promise<void>;
