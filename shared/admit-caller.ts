import type { Authorize, MayHaveOfSome } from './callers/authorize.ts';
import { type Caller, hasRole } from './callers/caller.ts';
import type { Operation } from './callers/operation.ts';
import type { EpochWatch } from './epoch.ts';
import type { BrokerError } from './errors.ts';
import type { ResourceName } from './resources/resources.ts';
import { assertServed } from './tenants/assert-served.ts';
import type { GetConsentUrl } from './tenants/consent-url.ts';
import type { Tenant } from './tenants/tenant.ts';
import type { TenantDirectory } from './tenants/tenant-directory.ts';
import { toDeniedError, toNotFoundError } from './tenants/tenant-errors.ts';
import type { ResolveTenant } from './tenants/tenant-name.ts';

/** What a caller wants of a customer. */
interface Admission {
  readonly caller: Caller;
  /** GUID or verified domain. */
  readonly tenant: string;
  readonly resource: ResourceName;
  readonly role: 'Tokens.Issue' | 'Apis.Call';
  readonly operation?: Operation;
}

/** A customer that is served, and the rule that lets the caller in; rejects with a BrokerError. */
export type AdmitCaller = (admission: Admission) => Promise<{
  readonly tenant: Tenant;
  readonly rule: string;
  /** Audit mode lets in what an enforced policy would refuse. */
  readonly wouldBeDenied?: true;
}>;

/**
 * Creates the admission. It has four steps: 1 resolve the tenant, 2 load it, 3 check the policy, 4
 * check that it is served.
 */
export function createAdmitCaller(parts: {
  epoch: EpochWatch;
  resolveTenant: ResolveTenant;
  authorize: Authorize;
  mayHaveOfSome: MayHaveOfSome;
  directory: TenantDirectory;
  getConsentUrl: GetConsentUrl;
}): AdmitCaller {
  const { epoch, directory } = parts;
  return async ({ caller, tenant: name, resource, role, operation }) => {
    const check = epoch.ensureCurrent();
    if (check !== undefined) await check;
    if (!(await parts.mayHaveOfSome(caller, resource))) throw toDeniedError();
    const tenantId = await parts.resolveTenant(name, caller);
    if (!tenantId) throw toUnknownError(caller);
    // Entra may have been asked for the domain, which takes its time.
    const checkAgain = epoch.ensureCurrent();
    if (checkAgain !== undefined) await checkAgain;
    const tenant = await directory.get(tenantId);
    if (!tenant || tenant.status === 'offboarded') throw toUnknownError(caller);
    const target = { tenantId, tags: tenant.tags, resource, role, operation };
    const { allowed, ...admitted } = await parts.authorize(caller, target);
    if (!allowed) throw toDeniedError();
    await assertServed(tenant, parts.getConsentUrl);
    return { tenant, ...admitted };
  };
}

/** A caller that may not list tenants can't tell an unknown tenant from a forbidden one. */
function toUnknownError(caller: Caller): BrokerError {
  return hasRole(caller, 'Tenants.Read') ? toNotFoundError() : toDeniedError();
}
