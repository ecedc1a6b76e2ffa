import type { Authorize } from '../callers/authorize.ts';
import type { Caller } from '../callers/caller.ts';
import type { IsBlocked } from '../callers/is-blocked.ts';
import type { EpochWatch } from '../epoch.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { TenantDirectory } from '../tenants/tenant-directory.ts';
import type { ResolveTenant } from '../tenants/tenant-name.ts';

/** Decides at each step, and at each page of results, where a caller may hunt. */
export interface HuntAccess {
  /** Must precede every decision: what it knows is then at most seconds old. */
  ensureCurrent(): Promise<void> | undefined;
  /** Whether an operator has blocked the caller, or the application through which it calls. */
  isBlocked: IsBlocked;
  /** The tenant of a GUID or domain; `undefined`: unknown, offboarded or not granted. */
  findNamed(caller: Caller, name: string): Promise<Tenant | undefined>;
  /** `undefined`: unknown, offboarded or not granted. */
  findHuntable(caller: Caller, tenantId: string): Promise<Tenant | undefined>;
  /** Whether the caller may hunt at a tenant on file. */
  mayHunt(caller: Caller, tenant: Tenant): Promise<boolean>;
}

/** Creates the decision. */
export function createHuntAccess({
  epoch,
  resolveTenant,
  directory,
  authorize,
  isBlocked,
}: {
  epoch: Pick<EpochWatch, 'ensureCurrent'>;
  resolveTenant: ResolveTenant;
  directory: TenantDirectory;
  authorize: Authorize;
  isBlocked: IsBlocked;
}): HuntAccess {
  const mayHunt = async (caller: Caller, tenant: Tenant) => {
    if (tenant.status === 'offboarded') return false;
    const { tenantId, tags } = tenant;
    const target = { tenantId, tags, resource: 'hunting', role: 'Hunting.Run' } as const;
    return (await authorize(caller, target)).allowed;
  };
  const findHuntable = async (caller: Caller, tenantId: string) => {
    const tenant = await directory.get(tenantId);
    return tenant && (await mayHunt(caller, tenant)) ? tenant : undefined;
  };
  return {
    ensureCurrent: epoch.ensureCurrent,
    isBlocked,
    async findNamed(caller, name) {
      const tenantId = await resolveTenant(name, caller);
      return tenantId === undefined ? undefined : await findHuntable(caller, tenantId);
    },
    findHuntable,
    mayHunt,
  };
}
