import type { AcceptedConsent } from '../invitations/accepted-consent.ts';
import { assertAdmitted } from '../invitations/admission.ts';
import { createTenant, isServed, type Tenant } from '../tenants/tenant.ts';
import { findOffboardingId } from '../tenants/tombstone.ts';
import { type Proofs, type ProofVerdict, toProofVerdict } from './proof.ts';
import { endGracePeriod, startGracePeriod } from './recheck.ts';
import { startVerification, toNext } from './verification-times.ts';

/**
 * Whether a tenant that was never served may be, now that its consent is proven. `unproven`: no
 * token showed a consent, so nothing was asked. `refused`: its invitation is another tenant's,
 * withdrawn or gone.
 */
type Admission = 'admitted' | 'unproven' | 'refused';

/** What a proof showed, and whether the tenant's invitation lets it in. */
export interface ProofResult {
  readonly proofs: Proofs;
  /** The invitation that was pending when it was asked. */
  readonly pendingInvitation: string | undefined;
  readonly admission: Admission;
  readonly now: number;
}

/**
 * A consent starts a proof. A tenant that is served stays served meanwhile; an operator's stop
 * stands.
 */
export function applyConsent(
  known: Tenant | undefined,
  { tenantId, domain, invitation }: AcceptedConsent,
  now: number,
): Tenant {
  const offboarding = findOffboardingId(known);
  assertAdmitted(invitation, offboarding);
  const isNew = known === undefined || offboarding !== undefined;
  const tenant = isNew ? createTenant(tenantId, now) : known;
  const isPending = isNew || tenant.pendingInvitation !== undefined;
  const found = invitation.domain ?? domain ?? tenant.domain;
  const named = {
    ...tenant,
    domain: found,
    displayName: invitation.displayName ?? tenant.displayName ?? found,
    pendingInvitation: isPending ? invitation.idHash : undefined,
    updatedAt: now,
  };
  if (tenant.status === 'disabled') return { ...named, reconsent: undefined };
  const verification = { ...startVerification(now), invitation: invitation.idHash };
  return { ...named, status: isServed(tenant) ? tenant.status : 'verifying', verification };
}

/** The verdict that a proof comes to now; `undefined`: it is looked at again. */
export function findVerdict(tenant: Tenant, proofs: Proofs, now: number): ProofVerdict | undefined {
  const verdict = toProofVerdict(proofs);
  const verification = findVerification(tenant, verdict, now);
  const isOpen = verification && verdict !== 'active' && now < verification.until;
  return isOpen ? undefined : verdict;
}

/**
 * One look alone demotes no served tenant: it is the first of a verification, which concludes when
 * it has lasted. Roles may lag or flap, and one wrong answer must not look like a customer's act.
 */
function findVerification(tenant: Tenant, verdict: ProofVerdict | undefined, now: number) {
  const demotes =
    verdict === 'consent_revoked' || (verdict === 'partial' && tenant.status === 'active');
  const isFirst = isServed(tenant) && demotes;
  return tenant.verification ?? (isFirst ? startVerification(now) : undefined);
}

/** The tenant after a look that the queue or the timer asked for. */
export function applyProofs(tenant: Tenant, result: ProofResult): Tenant {
  const { proofs, now } = result;
  const verdict = findVerdict(tenant, proofs, now);
  const verification = findVerification(tenant, toProofVerdict(proofs), now);
  if (verdict || !verification) {
    return startGracePeriod(tenant, conclude(tenant, verdict, result), now);
  }
  const shown = isServed(tenant) ? tenant.proofs : proofs;
  return { ...tenant, proofs: shown, verification: toNext(verification, now), updatedAt: now };
}

/** The tenant after a proof that an operator asked for, whose verdict stands at once. */
export function applyOperatorProof(tenant: Tenant, result: ProofResult): Tenant {
  return endGracePeriod(tenant, conclude(tenant, toProofVerdict(result.proofs), result));
}

/** The tenant as a verdict leaves it; without one only what was seen is noted. */
function conclude(tenant: Tenant, verdict: ProofVerdict | undefined, result: ProofResult): Tenant {
  const { proofs, now, pendingInvitation, admission } = result;
  if (tenant.status === 'disabled' || tenant.status === 'offboarded') return tenant;
  // Another invitation came meanwhile: the next look asks that one.
  if (tenant.pendingInvitation !== pendingInvitation) return tenant;
  const proven = { ...tenant, proofs, updatedAt: now };
  if (!verdict) return proven;
  const concluded = { ...proven, verification: undefined };
  if (pendingInvitation === undefined) return settle(concluded, tenant, verdict);
  switch (admission) {
    case 'admitted':
      return settle({ ...concluded, pendingInvitation: undefined }, tenant, verdict);
    case 'refused':
      return { ...concluded, pendingInvitation: undefined, status: 'disabled' };
    case 'unproven':
      return { ...concluded, status: 'consent_revoked' };
  }
}

function settle(concluded: Tenant, { verification }: Tenant, verdict: ProofVerdict): Tenant {
  const isConsented = verification?.invitation !== undefined && verdict !== 'consent_revoked';
  const settled = {
    ...concluded,
    status: verdict,
    consentedAt: isConsented ? verification.startedAt : concluded.consentedAt,
    sparedUntil: isConsented ? undefined : concluded.sparedUntil,
  };
  return verdict === 'active' ? { ...settled, failure: undefined, reconsent: undefined } : settled;
}
