import type { Fields } from '../audit/field-changes.ts';
import type { Tenant } from './tenant.ts';

/** What audit events tell of a tenant; its name stays out: they outlive an offboarding. */
export function describeTenant(tenant: Tenant): Fields {
  const { status, tags, consentedAt, offboarding } = tenant;
  return {
    status,
    tags: tags.length > 0 ? tags.toSorted().join(' ') : undefined,
    consented_at: consentedAt === undefined ? undefined : new Date(consentedAt).toISOString(),
    offboarding: offboarding?.id,
  };
}
