import { isIncomplete, type Tenant } from '../tenants/tenant.ts';
import { DAY, MINUTE } from '../time.ts';

/** A look this late has lost its message. */
const OVERDUE = MINUTE;

/**
 * Customers repair things without telling, and what seemed broken may have been a flap: what is
 * broken is proven again when as much time has passed as it had been broken at the last look, and
 * then once a day.
 */
const FIRST_RECHECK = 15 * MINUTE;
const RECHECK_AGE = DAY;

/** A tenant that was wrongly taken for broken is not taken for broken again on the same day. */
const GRACE_PERIOD_MS = DAY;

/**
 * No link lives longer: a tenant that was never let in needs a new one then, and nobody has to look
 * after it.
 */
const MAX_PENDING_MS = 30 * DAY;

/**
 * Whether the timer has to look: a message was lost, or something broken was not looked at for a
 * day.
 */
export function isLookDue(tenant: Tenant, now: number): boolean {
  const { verification } = tenant;
  return verification ? now - verification.nextAt > OVERDUE : isRecheckDue(tenant, now);
}

/** Whether something broken was not looked at for long enough. */
export function isRecheckDue(tenant: Tenant, now: number): boolean {
  const { verification, proofs, failure } = tenant;
  if (verification || isForgotten(tenant, now)) return false;
  const looks = Object.values(proofs).map(({ checkedAt }) => checkedAt);
  if (isAwaitingOptional(tenant, now)) {
    const lastLook = Math.max(0, ...looks);
    return now - lastLook >= Math.max(lastLook - (tenant.consentedAt ?? 0), FIRST_RECHECK);
  }
  if (!isIncomplete(tenant)) return false;
  const lastLook = Math.max(0, failure?.at ?? 0, ...looks);
  const broken = failure ? lastLook - failure.at : RECHECK_AGE;
  return now - lastLook >= Math.min(Math.max(broken, FIRST_RECHECK), RECHECK_AGE);
}

/**
 * A consent is complete once the required roles show; the optional ones may lag behind them. For a
 * day they are looked for after 15 min, 30 min, 1 h … since the consent; what shows by then no more
 * was not granted.
 */
function isAwaitingOptional({ status, proofs, consentedAt }: Tenant, now: number): boolean {
  const isRecent = consentedAt !== undefined && now - consentedAt < RECHECK_AGE;
  return status === 'active' && isRecent && Object.values(proofs).some(({ lacking }) => lacking);
}

function isForgotten({ pendingInvitation, createdAt }: Tenant, now: number): boolean {
  return pendingInvitation !== undefined && now - createdAt > MAX_PENDING_MS;
}

/**
 * A tenant that works again without a new consent was demoted wrongly, or the customer repaired it.
 * For a day no failure demotes it again.
 */
export function startGracePeriod(before: Tenant, after: Tenant, now: number): Tenant {
  const isRestored = before.status === 'consent_revoked' && after.status === 'active';
  return isRestored && !before.verification
    ? { ...after, sparedUntil: now + GRACE_PERIOD_MS }
    : after;
}

/**
 * A proof that an operator asked for ends the grace period; a tenant without a verdict stays as it
 * is.
 */
export function endGracePeriod(before: Tenant, after: Tenant): Tenant {
  return after === before ? after : { ...after, sparedUntil: undefined };
}
