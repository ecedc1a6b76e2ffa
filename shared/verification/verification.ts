import { BrokerError } from '../errors.ts';
import type { AcceptConsent } from '../invitations/accepted-consent.ts';
import { assertAdmitted } from '../invitations/admission.ts';
import { withAcceptance } from '../invitations/claims.ts';
import type { InvitationStore } from '../invitations/invitation.ts';
import { takeInvitation } from '../invitations/take-invitation.ts';
import type { Log } from '../log.ts';
import { toDelayMs } from '../retry/delay.ts';
import { change } from '../store.ts';
import type { Tenant, TenantStore } from '../tenants/tenant.ts';
import { findOffboardingId } from '../tenants/tombstone.ts';
import { QUEUE_ROUNDING_MS } from '../time.ts';
import {
  hasGrant,
  type Proofs,
  type ProofVerdict,
  type ProveTenant,
  toProofVerdict,
} from './proof.ts';
import { isRecheckDue } from './recheck.ts';
import {
  applyConsent,
  applyOperatorProof,
  applyProofs,
  findVerdict,
  type ProofResult,
} from './verification-transitions.ts';

/** Puts the next look at a tenant into the queue, to be delivered after a delay. */
export type EnqueueVerification = (tenantId: string, delayMs: number) => Promise<void>;

/**
 * Proves tenants by token: right after the consent, in the queue until it shows, and when an
 * operator asks.
 */
export interface Verifier {
  /** Rejects with ConsentRefused when the invitation can't bring the tenant back. */
  readonly acceptConsent: AcceptConsent;
  /** The next look at a tenant, if one is due; messages may be lost or doubled. */
  lookAgain(tenantId: string): Promise<void>;
  /** Proves any tenant now; throws `temporarily_unavailable` when nothing could be learnt. */
  verifyNow(tenantId: string): Promise<Tenant>;
}

/** What the verifier is made of. */
interface VerifierParts {
  readonly tenants: TenantStore;
  readonly invitations: InvitationStore;
  readonly proveTenant: ProveTenant;
  readonly enqueue: EnqueueVerification;
  /** Lets Entra be asked again for every resource: what held it back may be repaired. */
  readonly clearRetryStates: (tenantId: string) => Promise<void>;
  readonly advanceEpoch: () => Promise<void>;
  readonly log: Log;
  readonly now: () => number;
}

/** Creates the verifier. */
export function createVerifier(parts: VerifierParts): Verifier {
  const { tenants, invitations, now } = parts;
  return {
    async acceptConsent(consent) {
      const { tenantId, invitation } = consent;
      const known = (await tenants.find(tenantId))?.value;
      assertAdmitted(invitation, findOffboardingId(known));
      await change(invitations, invitation.idHash, (current) =>
        current ? withAcceptance(current, { tenantId, acceptedAt: now() }) : undefined,
      );
      const tenant = await change(tenants, tenantId, (current) =>
        applyConsent(current, consent, now()),
      );
      if (tenant?.verification) await lookOrLater(parts, tenantId);
    },
    async lookAgain(tenantId) {
      const tenant = (await tenants.find(tenantId))?.value;
      if (!tenant) return;
      const nextAt = tenant.verification?.nextAt;
      const isLookNeeded =
        nextAt === undefined ? isRecheckDue(tenant, now()) : nextAt - now() <= QUEUE_ROUNDING_MS;
      if (isLookNeeded) await look(parts, tenantId);
    },
    async verifyNow(tenantId) {
      const proofs = await parts.proveTenant(tenantId);
      if (!toProofVerdict(proofs)) throw toUnprovenError();
      const tenant = await record(parts, { tenantId, proofs }, AT_ONCE);
      if (!tenant) throw toUnprovenError();
      return tenant;
    },
  };
}

/** The consent stands even if its proof can't start now. */
async function lookOrLater(parts: VerifierParts, tenantId: string): Promise<void> {
  try {
    await parts.advanceEpoch();
    await look(parts, tenantId);
  } catch {
    parts.log.warn('tenant.proof_postponed', { tenant: tenantId });
    await parts.enqueue(tenantId, toDelayMs('verification'));
  }
}

async function look(parts: VerifierParts, tenantId: string): Promise<void> {
  const proofs = await parts.proveTenant(tenantId);
  const tenant = await record(parts, { tenantId, proofs }, IN_TIME);
  const next = tenant?.verification?.nextAt;
  if (next !== undefined) await parts.enqueue(tenantId, Math.max(0, next - parts.now()));
}

/** What fresh tokens showed of a tenant. */
interface Shown {
  readonly tenantId: string;
  readonly proofs: Proofs;
}

/** How a proof becomes a verdict, and what the verdict does. */
interface Judgement {
  readonly judge: (tenant: Tenant, proofs: Proofs, now: number) => ProofVerdict | undefined;
  readonly apply: (tenant: Tenant, result: ProofResult) => Tenant;
}

const IN_TIME: Judgement = { judge: findVerdict, apply: applyProofs };
const AT_ONCE: Judgement = {
  judge: (_, proofs) => toProofVerdict(proofs),
  apply: applyOperatorProof,
};

/** Writes what a proof showed, and makes every process see it if it changed the status. */
async function record(
  parts: VerifierParts,
  shown: Shown,
  judgement: Judgement,
): Promise<Tenant | undefined> {
  const { tenantId } = shown;
  const result = await admit(parts, shown, judgement);
  let before: Tenant | undefined;
  const after = await change(parts.tenants, tenantId, (tenant) => {
    before = tenant;
    return tenant && judgement.apply(tenant, result);
  });
  if (!after || !before) return after;
  if (after.status === 'active') await finish(parts, before);
  if (after.status !== before.status) {
    parts.log.info('tenant.status', { tenant: tenantId, from: before.status, to: after.status });
    await parts.advanceEpoch();
  }
  return after;
}

/**
 * Takes the invitation of a tenant that is about to be served for the first time. It is taken
 * before the tenant's record is written: after a crash between the two the next look takes it
 * again, which changes nothing.
 */
async function admit(
  parts: VerifierParts,
  { tenantId, proofs }: Shown,
  { judge }: Judgement,
): Promise<ProofResult> {
  const now = parts.now();
  const tenant = (await parts.tenants.find(tenantId))?.value;
  const pendingInvitation = tenant?.pendingInvitation;
  const result = { proofs, pendingInvitation, now };
  if (!tenant || pendingInvitation === undefined) return { ...result, admission: 'admitted' };
  const verdict = tenant.status === 'disabled' ? undefined : judge(tenant, proofs, now);
  if (!verdict || verdict === 'consent_revoked' || !hasGrant(proofs)) {
    return { ...result, admission: 'unproven' };
  }
  const proven = { tenantId, isComplete: verdict === 'active' };
  if (await takeInvitation(parts.invitations, pendingInvitation, proven)) {
    return { ...result, admission: 'admitted' };
  }
  parts.log.warn('consent.not_admitted', { tenant: tenantId });
  return { ...result, admission: 'refused' };
}

/**
 * The invitation of a consent that completed a tenant is used up, also where the tenant was served
 * before.
 */
async function finish(parts: VerifierParts, before: Tenant): Promise<void> {
  await parts.clearRetryStates(before.tenantId);
  const idHash = before.verification?.invitation;
  if (idHash === undefined) return;
  await takeInvitation(parts.invitations, idHash, { tenantId: before.tenantId, isComplete: true });
}

function toUnprovenError(): BrokerError {
  return new BrokerError('temporarily_unavailable', 'The proof could not be completed.', {
    owner: 'microsoft',
    remedy: 'Try again; see the last error of the tenant.',
    retryAfterSeconds: 60,
  });
}
