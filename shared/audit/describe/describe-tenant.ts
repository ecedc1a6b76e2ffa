import type { Tenant } from '../../tenants/tenant.ts';
import { SETTINGS, type SettingKey, toSettingText } from '../../tenants/tenant-settings.ts';
import type { Fields } from './field-changes.ts';

/** What audit events tell of a tenant; its name stays out: they outlive an offboarding. */
export function describeTenant(tenant: Tenant): Fields {
  const { status, consentedAt, offboarding } = tenant;
  return {
    status,
    ...describeSettings(tenant),
    consented_at: consentedAt === undefined ? undefined : new Date(consentedAt).toISOString(),
    offboarding: offboarding?.id,
  };
}

function describeSettings(tenant: Tenant): Fields {
  const audited = SETTINGS.filter(({ isAudited }) => isAudited);
  return Object.fromEntries(
    audited.map(({ key, name }) => [name, toSettingText(toOrdered(tenant[key])) || undefined]),
  );
}

function toOrdered(value: Tenant[SettingKey]): Tenant[SettingKey] {
  return typeof value === 'object' ? value.toSorted() : value;
}
