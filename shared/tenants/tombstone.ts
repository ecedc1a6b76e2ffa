import { BrokerError } from '../errors.ts';
import { createTenant, type Offboarding, type Tenant, type TenantStore } from './tenant.ts';

/**
 * The id of the offboarding that a tenant stands under, read from storage; `undefined`: it was not
 * offboarded.
 */
export type FindTombstone = (tenantId: string) => Promise<string | undefined>;

/**
 * Creates the lookup, past every cache: what is written after it must not outlive an offboarding.
 */
export function createFindTombstone(tenants: Pick<TenantStore, 'find'>): FindTombstone {
  return async (tenantId) => findOffboardingId((await tenants.find(tenantId))?.value);
}

/** The id of the offboarding of a record; a tombstone that lost it still lets nobody in. */
export function findOffboardingId(tenant: Tenant | undefined): string | undefined {
  return tenant?.status === 'offboarded' ? (tenant.offboarding?.id ?? 'unknown') : undefined;
}

/** What is left of a tenant: its id, its status and when things happened. */
export function toTombstone(
  { tenantId, createdAt, consentedAt }: Tenant,
  offboarding: Offboarding,
): Tenant {
  const updatedAt = offboarding.purgedAt ?? offboarding.at;
  const empty = createTenant(tenantId, createdAt);
  return { ...empty, status: 'offboarded', updatedAt, consentedAt, offboarding };
}

/** For what can't be done with a tenant that is gone. */
export function toOffboardedError(): BrokerError {
  return new BrokerError('invalid_request', 'The tenant was offboarded.', {
    owner: 'caller',
    remedy: 'Invite it again with POST /api/invitations, naming the tenant.',
  });
}
