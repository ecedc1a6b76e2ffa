import type { Log } from '../log.ts';
import type { ResourceName } from '../resources/resources.ts';
import { change } from '../store.ts';
import { DAY, HOUR } from '../time.ts';
import { type Cause, FAILURES } from '../tokens/failure-table.ts';
import type { ReportTokenOutcome, TokenOutcome } from '../tokens/token-outcome.ts';
import type { TokenKey } from '../tokens/token-record.ts';
import { isServed, type Tenant, type TenantStatus, type TenantStore } from './tenant.ts';
import type { TenantDirectory } from './tenant-directory.ts';

/**
 * One refusal can be a flap of replication; the second in a row is taken for the customer's will.
 */
const PROOFS_NEEDED = 2;

/**
 * When as many other tenants began to fail alike within a day, the suspect is us or Microsoft, not
 * the customers.
 */
const COHORT = 3;
const COHORT_AGE = DAY;

/** The alarm about a cohort is raised once in this time, however many tenants fail. */
const ALARM_AGE = HOUR;

/** What the reporter is made of. */
interface OutcomeReporterParts {
  readonly tenants: TenantStore;
  readonly directory: TenantDirectory;
  readonly advanceEpoch: () => Promise<void>;
  /** The APIs without which a tenant is incomplete. */
  readonly required: ReadonlySet<ResourceName>;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Writes to the tenant's record what became of requests to Entra, where that changes what people
 * should see.
 */
export function createOutcomeReporter(parts: OutcomeReporterParts): ReportTokenOutcome {
  const raiseAlarm = createCohortAlarm(parts);
  return async (key, outcome) => {
    try {
      await record({ ...parts, raiseAlarm }, key, outcome);
    } catch {
      parts.log.warn('tenant.record_failed', { tenant: key.tenantId, resource: key.resource });
    }
  };
}

type RaiseAlarm = (cause: Cause, failing: number) => void;

/** One alarm tells of all tenants, and is not repeated by each. */
function createCohortAlarm({ log, now }: OutcomeReporterParts): RaiseAlarm {
  const raisedAt = new Map<Cause, number>();
  return (cause, failing) => {
    if (now() - (raisedAt.get(cause) ?? Number.NEGATIVE_INFINITY) < ALARM_AGE) return;
    raisedAt.set(cause, now());
    log.error('tenants.cohort_failing', { cause, at_least: failing });
  };
}

type RecordParts = OutcomeReporterParts & { readonly raiseAlarm: RaiseAlarm };

async function record(parts: RecordParts, key: TokenKey, outcome: TokenOutcome): Promise<void> {
  const { tenants, directory, log } = parts;
  const isRequired = parts.required.has(key.resource);
  const event = { key, outcome, isRequired, now: parts.now() };
  const known = await directory.get(key.tenantId);
  if (!known) return;
  const expected = applyOutcome(known, event);
  if (expected === known) return;
  if (isDemotion(known, expected) && (await isCohort(parts, expected))) return;
  let before: Tenant | undefined;
  const after = await change(tenants, key.tenantId, (tenant) => {
    before = tenant;
    return tenant && applyOutcome(tenant, event);
  });
  if (!before || !after) return;
  if (isNewlyUnknown(before, after)) await isCohort(parts, after);
  if (after.status === before.status) return;
  log.warn('tenant.status', { tenant: key.tenantId, from: before.status, to: after.status });
  await parts.advanceEpoch();
}

function isDemotion(before: Tenant, after: Tenant): boolean {
  return after.status !== before.status && after.status !== 'active';
}

/** An error that nobody knows demotes nobody, so only the alarm says that many tenants meet it. */
function isNewlyUnknown(before: Tenant, after: Tenant): boolean {
  const isUnknown = ({ failure }: Tenant) => failure?.cause === 'unexpected_answer';
  return isUnknown(after) && !isUnknown(before);
}

/** Whether many unrelated tenants fail alike: then nobody is demoted, and one alarm tells why. */
async function isCohort(
  { tenants, raiseAlarm, now }: RecordParts,
  { failure }: Tenant,
): Promise<boolean> {
  if (!failure) return false;
  const { cause } = failure;
  const failing = await tenants.countFailing({
    cause,
    since: now() - COHORT_AGE,
    limit: COHORT + 1,
  });
  if (failing <= COHORT) return false;
  raiseAlarm(cause, failing);
  return true;
}

/** An outcome with what is needed to judge it. */
interface OutcomeEvent {
  readonly key: TokenKey;
  readonly outcome: TokenOutcome;
  /** Only without a required API can the tenant be incomplete. */
  readonly isRequired: boolean;
  readonly now: number;
}

/** The record after an outcome; the same object when nothing that people see changes. */
export function applyOutcome(tenant: Tenant, event: OutcomeEvent): Tenant {
  const { outcome } = event;
  if (tenant.status === 'offboarded') return tenant;
  return 'issued' in outcome
    ? applyIssued(tenant, event, outcome.roles)
    : applyFailure(tenant, event, outcome);
}

/** A token ends the failure of its resource, and completes a tenant that lacked nothing else. */
function applyIssued(
  tenant: Tenant,
  { key, isRequired, now }: OutcomeEvent,
  roles: readonly string[],
): Tenant {
  const isOver = tenant.failure?.resource === key.resource;
  const heals = tenant.status === 'partial' && isRequired;
  if (!isOver && !heals) return tenant;
  const settled = { ...tenant, failure: isOver ? undefined : tenant.failure, updatedAt: now };
  if (!heals) return settled;
  const proof = { granted: roles, missing: [], checkedAt: now };
  const proofs = { ...tenant.proofs, [key.resource]: proof };
  const isComplete = Object.values(proofs).every(({ missing }) => missing.length === 0);
  return isComplete
    ? { ...settled, proofs, status: 'active', reconsent: undefined }
    : { ...settled, proofs };
}

function applyFailure(
  tenant: Tenant,
  event: OutcomeEvent,
  { failure, count }: Extract<TokenOutcome, { failure: unknown }>,
): Tenant {
  const { key, now } = event;
  const { cause, missingRoles } = failure;
  if (FAILURES[cause].scope === 'client') return tenant;
  const repeated = tenant.failure?.cause === cause && tenant.failure.resource === key.resource;
  const status = count < PROOFS_NEEDED ? tenant.status : statusAfter(tenant, cause, event);
  if (repeated && status === tenant.status) return tenant;
  return {
    ...tenant,
    status,
    failure: repeated ? tenant.failure : { cause, resource: key.resource, at: now },
    proofs: missingRoles ? withMissingRoles(tenant, key, { missingRoles, now }) : tenant.proofs,
    updatedAt: now,
  };
}

/**
 * Only what somebody at the customer did moves a status, and never out of an operator's decision.
 */
function statusAfter(
  tenant: Tenant,
  cause: Cause,
  { isRequired, now }: OutcomeEvent,
): TenantStatus {
  if (!isServed(tenant) || !isRequired || now < (tenant.sparedUntil ?? 0)) return tenant.status;
  return FAILURES[cause].demotesTo ?? tenant.status;
}

function withMissingRoles(
  { proofs }: Tenant,
  { resource }: TokenKey,
  { missingRoles, now }: { missingRoles: readonly string[]; now: number },
): Tenant['proofs'] {
  const granted = (proofs[resource]?.granted ?? []).filter((role) => !missingRoles.includes(role));
  return { ...proofs, [resource]: { granted, missing: missingRoles, checkedAt: now } };
}
