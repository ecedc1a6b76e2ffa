import type { RecordIssuance } from './audit/record-issuance.ts';
import type { Authorize } from './callers/authorize.ts';
import { type Caller, hasRole } from './callers/caller.ts';
import type { EpochWatch } from './epoch.ts';
import type { BrokerError } from './errors.ts';
import type { GetConsentUrl } from './invitations/reconsent.ts';
import { assertServed, withConsentUrl } from './tenants/assert-served.ts';
import type { Tenant } from './tenants/tenant.ts';
import type { TenantDirectory } from './tenants/tenant-directory.ts';
import { toDeniedError, toNotFoundError } from './tenants/tenant-errors.ts';
import type { ResolveTenant } from './tenants/tenant-name.ts';
import type { ResourceName } from './tokens/resource.ts';
import type { TokenBroker } from './tokens/token-broker.ts';
import type { BrokeredToken } from './tokens/token-source.ts';

/** What a caller asks for. */
export interface TokenRequest {
  readonly caller: Caller;
  /** GUID or verified domain. */
  readonly tenant: string;
  /** Any name of an API. */
  readonly resource: string;
  readonly minTtlMs: number;
  readonly correlationId: string;
}

/** The token of one tenant for one caller; rejects with a BrokerError that says who has to do what. */
export type BrokerToken = (request: TokenRequest) => Promise<BrokeredToken>;

/** Creates the exchange, to be read from top to bottom: for whom, what is known of it, may they, does it stand, the token, its record. */
export function createBrokerToken(parts: {
  epoch: EpochWatch;
  resolveTenant: ResolveTenant;
  parseResource: (value: string) => ResourceName;
  authorize: Authorize;
  recordIssuance: RecordIssuance;
  directory: TenantDirectory;
  broker: TokenBroker;
  getConsentUrl: GetConsentUrl;
}): BrokerToken {
  const { epoch, directory, broker, getConsentUrl } = parts;

  const getToken = async (tenant: Tenant, resource: ResourceName, minTtlMs: number) => {
    try {
      return await broker.getToken({ tenantId: tenant.tenantId, resource }, minTtlMs);
    } catch (error) {
      throw await withConsentUrl(error, tenant, getConsentUrl);
    }
  };

  return async ({ caller, tenant: name, resource: asked, minTtlMs, correlationId }) => {
    const resource = parts.parseResource(asked);
    const tenantId = await parts.resolveTenant(name);
    if (!tenantId) throw toUnknownError(caller);
    const check = epoch.ensureCurrent();
    if (check !== undefined) await check;
    const tenant = await directory.get(tenantId);
    if (!tenant || tenant.status === 'offboarded') throw toUnknownError(caller);
    const target = { tenantId, tags: tenant.tags, resource, role: 'Tokens.Issue' } as const;
    const { allowed, rule } = await parts.authorize(caller, target);
    if (!allowed) throw toDeniedError();
    await assertServed(tenant, getConsentUrl);
    const token = await getToken(tenant, resource, minTtlMs);
    const recording = parts.recordIssuance({ callerId: caller.id, token, rule, correlationId });
    if (recording !== undefined) await recording;
    return token;
  };
}

/** Who may not list tenants can't tell an unknown tenant from a forbidden one. */
function toUnknownError(caller: Caller): BrokerError {
  return hasRole(caller, 'Tenants.Read') ? toNotFoundError() : toDeniedError();
}
