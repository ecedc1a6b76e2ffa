import type { Owner } from '../errors.ts';
import type { Standing } from '../incidents/coverage/fleet-coverage.ts';
import { type Instant, toInstant, toTime } from '../incidents/instant.ts';
import { SOURCE_FAILURES } from '../incidents/source-failure.ts';
import { isServed, type ResourceProof, type Tenant } from '../tenants/tenant.ts';
import { type Cause, FAILURES } from '../tokens/failure-table.ts';

/** What one button repairs, where one can. */
type NeedAction = 'send_consent_link' | 'verify' | 'wait' | 'none';

/** A tenant that waits for somebody, and since when (epoch milliseconds). */
export interface NeedingTenant {
  readonly tenant: Tenant;
  readonly since: number;
}

/** Equal causes are one need: what to do is the same, so it is said once. */
export interface Need {
  readonly cause: string;
  readonly owner: Owner;
  readonly description: string;
  readonly remedy: string;
  readonly action: NeedAction;
  /** The oldest first. */
  readonly tenants: readonly NeedingTenant[];
}

/** What a tenant's trouble is known as. */
type Reason = Omit<Need, 'tenants'>;

interface Finding extends NeedingTenant {
  readonly reason: Reason;
}

/**
 * Finds what needs somebody: by owner and cause, the longest waiting first. `now` in epoch
 * milliseconds.
 */
export function findNeeds(
  fleet: readonly Standing[],
  { lateAfterMs, now }: { readonly lateAfterMs: number; readonly now: number },
): readonly Need[] {
  const lateBefore = toInstant(now - lateAfterMs);
  const findings = fleet.flatMap((standing) => findReason(standing, lateBefore) ?? []);
  const groups = Map.groupBy(findings, ({ reason }) => `${reason.owner} ${reason.cause}`);
  return [...groups.values()].map(toNeed).toSorted((one, other) => sinceOf(one) - sinceOf(other));
}

/** The first reason that fits: what keeps tokens away explains old data, too. */
function findReason(standing: Standing, lateBefore: Instant): Finding | undefined {
  const { tenant, completeUpTo, failure } = standing;
  if (tenant.status === 'offboarded' || tenant.status === 'disabled') return undefined;
  if (tenant.failure) {
    return { tenant, since: tenant.failure.at, reason: toTokenReason(tenant.failure.cause) };
  }
  const proof = findFailedProof(tenant);
  if (proof) {
    const reason = proof.cause ? toTokenReason(proof.cause) : MISSING_ROLES;
    return { tenant, since: proof.checkedAt, reason };
  }
  if (!isServed(tenant)) return undefined;
  if (failure) return { tenant, since: failure.since, reason: toSyncReason(failure.problem) };
  // Texts are compared where there are thousands: an instant is read only of who is late.
  if (completeUpTo !== undefined && completeUpTo >= lateBefore) return undefined;
  const since = completeUpTo ? toTime(completeUpTo) : (tenant.consentedAt ?? tenant.createdAt);
  return since < toTime(lateBefore) ? { tenant, since, reason: LATE } : undefined;
}

/** The oldest proof that found something missing. */
function findFailedProof({ proofs }: Tenant): ResourceProof | undefined {
  const failed = Object.values(proofs).filter(({ missing, cause }) => cause || missing.length > 0);
  return failed.toSorted((one, other) => one.checkedAt - other.checkedAt)[0];
}

const MISSING_ROLES: Reason = {
  cause: 'missing_roles',
  owner: 'customer',
  description: 'App roles that the broker asks for are not granted.',
  remedy: "Send the consent link to the tenant's administrator.",
  action: 'send_consent_link',
};

const LATE: Reason = {
  cause: 'late_data',
  owner: 'partner',
  description: 'The incidents were not read for longer than three intervals of the sync.',
  remedy: 'Look at the timers and queues below; the log names the failed runs.',
  action: 'none',
};

function toTokenReason(cause: Cause): Reason {
  const { owner, description, remedy, error, permanent } = FAILURES[cause];
  const asksConsent = error === 'consent_required' || error === 'missing_roles';
  const action = asksConsent ? 'send_consent_link' : permanent ? 'verify' : 'wait';
  return { cause, owner, description, remedy, action };
}

function toSyncReason(problem: keyof typeof SOURCE_FAILURES): Reason {
  const { owner, description, remedy } = SOURCE_FAILURES[problem];
  const action = owner === 'customer' ? 'send_consent_link' : 'wait';
  return { cause: problem, owner, description, remedy, action };
}

function toNeed(findings: readonly Finding[]): Need {
  const tenants = findings
    .map(({ tenant, since }) => ({ tenant, since }))
    .toSorted((one, other) => one.since - other.since);
  // A group is made of at least one finding, and all share the reason.
  const [first] = findings;
  return { ...(first?.reason ?? LATE), tenants };
}

function sinceOf({ tenants }: Need): number {
  return tenants[0]?.since ?? Number.POSITIVE_INFINITY;
}
