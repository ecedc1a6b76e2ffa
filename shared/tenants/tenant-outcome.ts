import type { RequiredRoles } from '../config.ts';
import type { Log } from '../log.ts';
import { change } from '../store.ts';
import { type Cause, FAILURES } from '../tokens/failure.ts';
import type { TokenKey } from '../tokens/token-record.ts';
import type { Outcome, ReportOutcome } from '../tokens/token-source.ts';
import type { Tenant, TenantStatus, TenantStore } from './tenant.ts';
import type { TenantDirectory } from './tenant-directory.ts';

/** One refusal can be a flap of replication; the second in a row is taken for the customer's will. */
const PROOFS_NEEDED = 2;

/** Writes to the tenant's record what became of requests to Entra, where that changes what people should see. */
export function createOutcomeReporter({
  tenants,
  directory,
  advanceEpoch,
  requiredRoles,
  log,
  now,
}: {
  tenants: TenantStore;
  directory: TenantDirectory;
  advanceEpoch: () => Promise<void>;
  requiredRoles: RequiredRoles;
  log: Log;
  now: () => number;
}): ReportOutcome {
  const record = async (key: TokenKey, outcome: Outcome): Promise<void> => {
    const event = { key, outcome, isRequired: requiredRoles.has(key.resource), now: now() };
    const known = await directory.get(key.tenantId);
    if (!known || applyOutcome(known, event) === known) return;
    let before: Tenant | undefined;
    const after = await change(tenants, key.tenantId, (tenant) => {
      before = tenant;
      return tenant && applyOutcome(tenant, event);
    });
    if (!before || !after || after.status === before.status) return;
    log.warn('tenant.status', { tenant: key.tenantId, from: before.status, to: after.status });
    await advanceEpoch();
  };

  return async (key, outcome) => {
    try {
      await record(key, outcome);
    } catch {
      log.warn('tenant.record_failed', { tenant: key.tenantId, resource: key.resource });
    }
  };
}

/** An outcome with what is needed to judge it. */
export interface OutcomeEvent {
  readonly key: TokenKey;
  readonly outcome: Outcome;
  /** The setting REQUIRED_ROLES names the resource: only then can the tenant be incomplete without it. */
  readonly isRequired: boolean;
  readonly now: number;
}

/** The record after an outcome; the same object when nothing that people see changes. */
export function applyOutcome(tenant: Tenant, event: OutcomeEvent): Tenant {
  const { key, outcome, now } = event;
  if ('issued' in outcome) {
    if (tenant.failure?.resource !== key.resource) return tenant;
    return { ...tenant, failure: undefined, updatedAt: now };
  }
  const { cause, missingRoles } = outcome.failure;
  if (FAILURES[cause].scope === 'client') return tenant;
  const status = outcome.count < PROOFS_NEEDED ? tenant.status : statusAfter(tenant, cause, event);
  const repeated = tenant.failure?.cause === cause && tenant.failure.resource === key.resource;
  if (repeated && status === tenant.status) return tenant;
  return {
    ...tenant,
    status,
    failure: { cause, resource: key.resource, at: now },
    proofs: missingRoles ? withMissingRoles(tenant, key, { missingRoles, now }) : tenant.proofs,
    updatedAt: now,
  };
}

/** Only what somebody at the customer did moves a status, and never out of an operator's decision. */
function statusAfter({ status }: Tenant, cause: Cause, { isRequired }: OutcomeEvent): TenantStatus {
  if (status !== 'active' && status !== 'partial') return status;
  switch (cause) {
    case 'consent_missing':
    case 'app_disabled':
    case 'tenant_gone':
    case 'tenant_blocked':
      return 'consent_revoked';
    case 'roles_missing':
    case 'service_missing':
      return isRequired ? 'partial' : status;
    default:
      return status;
  }
}

function withMissingRoles(
  { proofs }: Tenant,
  { resource }: TokenKey,
  { missingRoles, now }: { missingRoles: readonly string[]; now: number },
): Tenant['proofs'] {
  const granted = (proofs[resource]?.granted ?? []).filter((role) => !missingRoles.includes(role));
  return { ...proofs, [resource]: { granted, missing: missingRoles, checkedAt: now } };
}
