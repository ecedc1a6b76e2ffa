import { BrokerError } from '../errors.ts';
import type { Log } from '../log.ts';
import { change } from '../store.ts';
import {
  createTenant,
  type Tenant,
  type TenantStore,
  type Verification,
} from '../tenants/tenant.ts';
import type { AcceptConsent } from './consent-flow.ts';
import type { InvitationStore } from './invitation.ts';
import { type Proofs, type ProveTenant, toVerdict } from './proof.ts';

/** Puts the next look at a tenant into the queue, to be delivered after a delay. */
export type EnqueueVerification = (tenantId: string, delayMs: number) => Promise<void>;

/** Roles can lag minutes behind a consent ("First token after admin consent", several public threads). */
const FIRST_DELAY = 5000;
const LONGEST_DELAY = 60_000;
const LONGEST = 15 * 60_000;

/** A message may come a little early: queues count whole seconds. */
const EARLY = 1500;

/** A look this late has lost its message. */
const OVERDUE = 60_000;

/** Proves tenants by token: right after the consent, in the queue until it shows, and when an operator asks. */
export interface Verifier {
  acceptConsent: AcceptConsent;
  /** One look at a tenant that is `verifying`; anything else is left alone, so messages may be lost or doubled. */
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
  readonly advanceEpoch: () => Promise<void>;
  readonly log: Log;
  readonly now: () => number;
}

/** Creates the verifier. */
export function createVerifier(parts: VerifierParts): Verifier {
  const { tenants, invitations, now } = parts;
  return {
    async acceptConsent(tenantId, invitation) {
      const tenant = await change(tenants, tenantId, (current) =>
        applyConsent(current ?? createTenant(tenantId, now()), now()),
      );
      await change(invitations, invitation.idHash, (current) =>
        current && !current.usedBy ? { ...current, usedBy: tenantId } : current,
      );
      await parts.advanceEpoch();
      if (tenant?.status === 'verifying') await lookOrLater(parts, tenantId);
    },
    async lookAgain(tenantId) {
      const tenant = (await tenants.find(tenantId))?.value;
      const nextAt = tenant?.verification?.nextAt;
      if (tenant?.status !== 'verifying' || nextAt === undefined) return;
      if (nextAt - now() > EARLY) return;
      await look(parts, tenantId);
    },
    async verifyNow(tenantId) {
      const proofs = await parts.proveTenant(tenantId);
      if (!toVerdict(proofs)) throw toUnprovenError();
      await change(tenants, tenantId, (tenant) => tenant && startOver(tenant, now()));
      const tenant = await settle(parts, tenantId, proofs);
      if (!tenant) throw toUnprovenError();
      return tenant;
    },
  };
}

/** The consent stands even if its proof can't start now. */
async function lookOrLater(parts: VerifierParts, tenantId: string): Promise<void> {
  try {
    await look(parts, tenantId);
  } catch {
    parts.log.warn('tenant.proof_postponed', { tenant: tenantId });
    await parts.enqueue(tenantId, FIRST_DELAY);
  }
}

async function look(parts: VerifierParts, tenantId: string): Promise<void> {
  const proofs = await parts.proveTenant(tenantId);
  const tenant = await settle(parts, tenantId, proofs);
  const next = tenant?.verification?.nextAt;
  if (next !== undefined) await parts.enqueue(tenantId, Math.max(0, next - parts.now()));
}

async function settle(
  { tenants, advanceEpoch, log, now }: VerifierParts,
  tenantId: string,
  proofs: Proofs,
): Promise<Tenant | undefined> {
  let before: Tenant | undefined;
  const after = await change(tenants, tenantId, (tenant) => {
    before = tenant;
    return tenant && applyProofs(tenant, proofs, now());
  });
  if (after && before && after.status !== before.status) {
    log.info('tenant.status', { tenant: tenantId, from: before.status, to: after.status });
    await advanceEpoch();
  }
  return after;
}

/** Whether a tenant's next look is so late that its message must have been lost. */
export function isVerificationOverdue({ status, verification }: Tenant, now: number): boolean {
  return (
    status === 'verifying' && verification !== undefined && now - verification.nextAt > OVERDUE
  );
}

/** A consent starts a proof, unless an operator has stopped the tenant. */
function applyConsent(tenant: Tenant, now: number): Tenant {
  const consented = { ...tenant, consentedAt: now, updatedAt: now };
  if (tenant.status === 'disabled') return consented;
  const verification = { startedAt: now, until: now + LONGEST, nextAt: now, attempt: 0 };
  return {
    ...consented,
    status: 'verifying',
    verification,
    failure: undefined,
    reconsent: undefined,
  };
}

/** An operator's proof gives its verdict at once: a proof that ran out of time. */
function startOver(tenant: Tenant, now: number): Tenant {
  if (tenant.status === 'disabled' || tenant.status === 'offboarded') return tenant;
  const verification = { startedAt: now, until: now, nextAt: now, attempt: 0 };
  return { ...tenant, status: 'verifying', verification };
}

function applyProofs(tenant: Tenant, proofs: Proofs, now: number): Tenant {
  if (tenant.status !== 'verifying') return tenant;
  const verdict = toVerdict(proofs);
  const proven = { ...tenant, proofs, updatedAt: now };
  const verification = verdict === 'active' ? undefined : toNext(tenant.verification, now);
  if (verification) return { ...proven, verification };
  const status = verdict ?? 'partial';
  const keepsLink = status !== 'active';
  return {
    ...proven,
    status,
    verification: undefined,
    ...(!keepsLink && { failure: undefined, reconsent: undefined }),
  };
}

function toNext(verification: Verification | undefined, now: number): Verification | undefined {
  if (!verification || now >= verification.until) return undefined;
  const delay = Math.min(FIRST_DELAY * 2 ** verification.attempt, LONGEST_DELAY);
  return { ...verification, attempt: verification.attempt + 1, nextAt: now + delay };
}

function toUnprovenError(): BrokerError {
  return new BrokerError('temporarily_unavailable', 'The proof could not be completed.', {
    owner: 'microsoft',
    remedy: 'Try again; see the last error of the tenant.',
    retryAfterSeconds: 60,
  });
}
