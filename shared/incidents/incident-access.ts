import type { Authorize } from '../callers/authorize.ts';
import type { Caller } from '../callers/caller.ts';
import type { GrantedRole } from '../callers/policy.ts';
import type { EpochWatch } from '../epoch.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { TenantDirectory } from '../tenants/tenant-directory.ts';
import { toDeniedError } from '../tenants/tenant-errors.ts';
import type { ResolveTenant } from '../tenants/tenant-name.ts';

/** What it takes to see incidents, or to change them. */
type IncidentRole = Extract<GrantedRole, 'Incidents.Read' | 'Incidents.Write'>;

/** Decides at each read whose incidents a caller gets. */
export interface IncidentAccess {
  /** Must precede every decision: what it knows is then at most seconds old. */
  ensureCurrent(): Promise<void> | undefined;
  /**
   * The tenant of a GUID or domain; `access_denied` alike when it is unknown, offboarded or not
   * granted.
   */
  getTenant(caller: Caller, name: string, role: IncidentRole): Promise<Tenant>;
  /** `undefined`: unknown, offboarded or not granted. */
  findReadable(caller: Caller, tenantId: string): Promise<Tenant | undefined>;
  /** Whether the caller may read the incidents of a tenant on file. */
  mayRead(caller: Caller, tenant: Tenant): Promise<boolean>;
}

/**
 * Creates the decision. What is stored stays readable when a tenant is disabled or its consent is
 * gone: it is the partner's record of the past, and its coverage says how old it is.
 */
export function createIncidentAccess({
  epoch,
  resolveTenant,
  directory,
  authorize,
}: {
  epoch: EpochWatch;
  resolveTenant: ResolveTenant;
  directory: TenantDirectory;
  authorize: Authorize;
}): IncidentAccess {
  const isAllowed = async (caller: Caller, tenant: Tenant, role: IncidentRole) => {
    if (tenant.status === 'offboarded') return false;
    const { tenantId, tags } = tenant;
    return (await authorize(caller, { tenantId, tags, resource: 'incidents', role })).allowed;
  };

  return {
    ensureCurrent: epoch.ensureCurrent,
    async getTenant(caller, name, role) {
      const tenantId = await resolveTenant(name, caller);
      await epoch.ensureCurrent();
      const tenant = tenantId === undefined ? undefined : await directory.get(tenantId);
      if (!tenant || !(await isAllowed(caller, tenant, role))) throw toDeniedError();
      return tenant;
    },
    async findReadable(caller, tenantId) {
      const tenant = await directory.get(tenantId);
      return tenant && (await isAllowed(caller, tenant, 'Incidents.Read')) ? tenant : undefined;
    },
    mayRead: (caller, tenant) => isAllowed(caller, tenant, 'Incidents.Read'),
  };
}
