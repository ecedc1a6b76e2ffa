import { BrokerError } from '../errors.ts';
import type { Log } from '../log.ts';
import { findOffboardingId } from '../offboarding/tombstone.ts';
import { change } from '../store.ts';
import { createTenant, isServed, type Tenant, type TenantStore } from '../tenants/tenant.ts';
import { assertAdmitted } from './admission.ts';
import type { AcceptConsent } from './consent-flow.ts';
import type { Invitation, InvitationStore } from './invitation.ts';
import { type Proofs, type ProveTenant, toVerdict, type Verdict } from './proof.ts';
import { isRecheckDue, spare, unspare } from './recheck.ts';
import { ConsentRefused } from './refusal.ts';
import { FIRST_DELAY, startVerification, toNext } from './verification-times.ts';

/** Puts the next look at a tenant into the queue, to be delivered after a delay. */
export type EnqueueVerification = (tenantId: string, delayMs: number) => Promise<void>;

/** A message may come a little early: queues count whole seconds. */
const EARLY = 1500;

/** Proves tenants by token: right after the consent, in the queue until it shows, and when an operator asks. */
export interface Verifier {
  /** Rejects with ConsentRefused when another tenant has claimed the invitation, or it can't bring the tenant back. */
  readonly acceptConsent: AcceptConsent;
  /** The next look at a tenant, if one is due; messages may be lost or doubled. */
  lookAgain(tenantId: string): Promise<void>;
  /** Proves any tenant now; throws `temporarily_unavailable` when nothing could be learnt. */
  verifyNow(tenantId: string): Promise<Tenant>;
}

/** What the verifier is made of. */
export interface VerifierParts {
  readonly tenants: TenantStore;
  readonly invitations: InvitationStore;
  readonly proveTenant: ProveTenant;
  readonly enqueue: EnqueueVerification;
  /** Lets Entra be asked again for every resource: what held it back may be repaired. */
  readonly clearSetbacks: (tenantId: string) => Promise<void>;
  readonly advanceEpoch: () => Promise<void>;
  readonly log: Log;
  readonly now: () => number;
}

/** Creates the verifier. */
export function createVerifier(parts: VerifierParts): Verifier {
  const { tenants, now } = parts;
  return {
    async acceptConsent(tenantId, invitation) {
      const known = (await tenants.find(tenantId))?.value;
      assertAdmitted(invitation, findOffboardingId(known));
      await claim(parts, invitation.idHash, tenantId);
      const tenant = await change(tenants, tenantId, (current) =>
        applyConsent(current ?? createTenant(tenantId, now()), invitation, now()),
      );
      if (tenant?.verification) await lookOrLater(parts, tenantId);
    },
    async lookAgain(tenantId) {
      const tenant = (await tenants.find(tenantId))?.value;
      if (!tenant) return;
      const nextAt = tenant.verification?.nextAt;
      const isDue = nextAt === undefined ? isRecheckDue(tenant, now()) : nextAt - now() <= EARLY;
      if (isDue) await look(parts, tenantId);
    },
    async verifyNow(tenantId) {
      const proofs = await parts.proveTenant(tenantId);
      const verdict = toVerdict(proofs);
      if (!verdict) throw toUnprovenError();
      const tenant = await settle(parts, tenantId, (current) =>
        unspare(current, conclude(current, { proofs, verdict, now: now() })),
      );
      if (!tenant) throw toUnprovenError();
      return tenant;
    },
  };
}

/** One tenant per invitation, whoever is first; it is used up only by a proof, so a claim alone can be repeated. */
async function claim(
  { invitations }: VerifierParts,
  idHash: string,
  tenantId: string,
): Promise<void> {
  const claimed = await change(invitations, idHash, (invitation) =>
    invitation && !invitation.claimedBy ? { ...invitation, claimedBy: tenantId } : invitation,
  );
  if (claimed?.claimedBy !== tenantId) throw new ConsentRefused('invitation_used');
}

/** The consent stands even if its proof can't start now. */
async function lookOrLater(parts: VerifierParts, tenantId: string): Promise<void> {
  try {
    await parts.advanceEpoch();
    await look(parts, tenantId);
  } catch {
    parts.log.warn('tenant.proof_postponed', { tenant: tenantId });
    await parts.enqueue(tenantId, FIRST_DELAY);
  }
}

async function look(parts: VerifierParts, tenantId: string): Promise<void> {
  const proofs = await parts.proveTenant(tenantId);
  const tenant = await settle(parts, tenantId, (current) =>
    applyProofs(current, proofs, parts.now()),
  );
  const next = tenant?.verification?.nextAt;
  if (next !== undefined) await parts.enqueue(tenantId, Math.max(0, next - parts.now()));
}

/** Writes what a proof showed, and tells everybody if it changed the status. */
async function settle(
  parts: VerifierParts,
  tenantId: string,
  apply: (tenant: Tenant) => Tenant,
): Promise<Tenant | undefined> {
  let before: Tenant | undefined;
  const after = await change(parts.tenants, tenantId, (tenant) => {
    before = tenant;
    return tenant && apply(tenant);
  });
  if (!after || !before) return after;
  if (after.status === 'active') await finish(parts, before);
  if (after.status !== before.status) {
    parts.log.info('tenant.status', { tenant: tenantId, from: before.status, to: after.status });
    await parts.advanceEpoch();
  }
  return after;
}

async function finish(
  { invitations, clearSetbacks }: VerifierParts,
  tenant: Tenant,
): Promise<void> {
  await clearSetbacks(tenant.tenantId);
  const idHash = tenant.verification?.invitation;
  if (idHash === undefined) return;
  await change(invitations, idHash, (current) =>
    current && !current.usedBy ? { ...current, usedBy: tenant.tenantId } : current,
  );
}

/** A consent starts a proof. Who is served goes on being served meanwhile; an operator's stop stands. */
function applyConsent(known: Tenant, invitation: Invitation, now: number): Tenant {
  const offboarding = findOffboardingId(known);
  assertAdmitted(invitation, offboarding);
  const tenant = offboarding === undefined ? known : createTenant(known.tenantId, now);
  const consented = { ...tenant, consentedAt: now, sparedUntil: undefined, updatedAt: now };
  if (tenant.status === 'disabled') return { ...consented, reconsent: undefined };
  const verification = { ...startVerification(now), invitation: invitation.idHash };
  return { ...consented, status: isServed(tenant) ? tenant.status : 'verifying', verification };
}

/** One look alone takes nobody offline: it is the first of a verification, which concludes when it has lasted. */
function applyProofs(tenant: Tenant, proofs: Proofs, now: number): Tenant {
  const verdict = toVerdict(proofs);
  const takesOffline = isServed(tenant) && verdict === 'consent_revoked';
  const verification = tenant.verification ?? (takesOffline ? startVerification(now) : undefined);
  const isOpen = verification && verdict !== 'active' && (!verdict || now < verification.until);
  if (!isOpen) return spare(tenant, conclude(tenant, { proofs, verdict, now }), now);
  const next = toNext(verification, now);
  const shown = isServed(tenant) ? tenant.proofs : proofs;
  return { ...tenant, proofs: shown, verification: next, updatedAt: now };
}

/** The tenant as a verdict leaves it; without one only what was seen is noted. */
function conclude(
  tenant: Tenant,
  { proofs, verdict, now }: { proofs: Proofs; verdict: Verdict | undefined; now: number },
): Tenant {
  if (tenant.status === 'disabled' || tenant.status === 'offboarded') return tenant;
  const proven = { ...tenant, proofs, updatedAt: now };
  if (!verdict) return proven;
  const concluded = { ...proven, status: verdict, verification: undefined };
  return verdict === 'active'
    ? { ...concluded, failure: undefined, reconsent: undefined }
    : concluded;
}

function toUnprovenError(): BrokerError {
  return new BrokerError('temporarily_unavailable', 'The proof could not be completed.', {
    owner: 'microsoft',
    remedy: 'Try again; see the last error of the tenant.',
    retryAfterSeconds: 60,
  });
}
