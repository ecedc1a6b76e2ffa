import { toVersion } from '../precondition.ts';
import type { Tenant } from './tenant.ts';

/**
 * The version of what operators decide about a tenant: its name, its tags and whether it is served.
 * What proofs find moves the status, but no decision of an operator has to be taken again for it.
 */
export function toTenantVersion({ tenantId, displayName, tags, status }: Tenant): string {
  const ended = status === 'disabled' || status === 'offboarded' ? status : undefined;
  return toVersion({ tenantId, displayName, tags, ended });
}
