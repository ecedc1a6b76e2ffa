import type { Tenant } from '../../shared/tenants/tenant.ts';
import { toSettingsJson } from '../../shared/tenants/tenant-settings.ts';
import { FAILURES } from '../../shared/tokens/failure-table.ts';

/** A tenant as the API shows it; instants in ISO 8601. */
export function toTenantJson(tenant: Tenant) {
  return {
    tenant_id: tenant.tenantId,
    ...toSettingsJson(tenant),
    domain: tenant.domain,
    status: tenant.status,
    resources: Object.fromEntries(
      Object.entries(tenant.proofs).map(([resource, proof]) => [
        resource,
        {
          roles_granted: proof.granted,
          roles_missing: proof.missing,
          checked_at: toIso(proof.checkedAt),
          ...(proof.cause && { cause: proof.cause }),
        },
      ]),
    ),
    ...(tenant.failure && { last_error: toFailureJson(tenant.failure) }),
    ...(tenant.verification && { next_verification_at: toIso(tenant.verification.nextAt) }),
    consented_at: tenant.consentedAt === undefined ? undefined : toIso(tenant.consentedAt),
    ...(tenant.offboarding && toOffboardingJson(tenant.offboarding)),
    created_at: toIso(tenant.createdAt),
    updated_at: toIso(tenant.updatedAt),
  };
}

function toOffboardingJson({ at, purgedAt }: NonNullable<Tenant['offboarding']>) {
  return {
    offboarded_at: toIso(at),
    purged_at: purgedAt === undefined ? undefined : toIso(purgedAt),
  };
}

function toFailureJson({ cause, resource, at }: NonNullable<Tenant['failure']>) {
  const { owner, description, remedy, error } = FAILURES[cause];
  return { error, cause, resource, at: toIso(at), owner, description, remedy };
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}
