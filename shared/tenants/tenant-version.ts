import { toVersion } from '../precondition.ts';
import type { Tenant } from './tenant.ts';
import { pickSettings } from './tenant-settings.ts';

/**
 * The version of what operators decide about a tenant: its settings and whether it is served.
 * What proofs find moves the status, but no decision of an operator has to be taken again for it.
 */
export function toTenantVersion(tenant: Tenant): string {
  const { tenantId, status } = tenant;
  const ended = status === 'disabled' || status === 'offboarded' ? status : undefined;
  return toVersion({ tenantId, ...pickSettings(tenant), ended });
}
