import type { RecordIssuance } from './audit/record-issuance.ts';
import type { Authorize } from './callers/authorize.ts';
import { type Caller, hasRole } from './callers/caller.ts';
import type { GetConsentUrl } from './consent/reconsent.ts';
import type { EpochWatch } from './epoch.ts';
import { BrokerError } from './errors.ts';
import type { Tenant } from './tenants/tenant.ts';
import type { TenantDirectory } from './tenants/tenant-directory.ts';
import { toDeniedError, toDisabledError, toNotFoundError } from './tenants/tenant-errors.ts';
import type { ResolveTenant } from './tenants/tenant-name.ts';
import { FAILURES } from './tokens/failure.ts';
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

/** A tenant that is being proven is usually proven within this time. */
const VERIFYING_RETRY_SECONDS = 10;

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

async function assertServed(tenant: Tenant, getConsentUrl: GetConsentUrl): Promise<void> {
  switch (tenant.status) {
    case 'active':
    case 'partial':
      return;
    case 'verifying':
      throw new BrokerError('temporarily_unavailable', "The tenant's consent is being verified.", {
        owner: 'microsoft',
        remedy: 'Try again in some seconds; Microsoft applies a new consent within minutes.',
        retryAfterSeconds: VERIFYING_RETRY_SECONDS,
      });
    case 'consent_revoked': {
      const { description, remedy, owner } = FAILURES[tenant.failure?.cause ?? 'consent_missing'];
      const consentUrl = await getConsentUrl(tenant);
      throw new BrokerError('consent_required', description, { owner, remedy, consentUrl });
    }
    case 'disabled':
      throw toDisabledError();
    case 'offboarded':
      return;
    default:
      tenant.status satisfies never;
  }
}

/** What the customer's admin can repair carries the link to do so. */
async function withConsentUrl(
  error: unknown,
  tenant: Tenant,
  getConsentUrl: GetConsentUrl,
): Promise<unknown> {
  if (!(error instanceof BrokerError)) return error;
  if (error.code !== 'consent_required' && error.code !== 'missing_roles') return error;
  const consentUrl = await getConsentUrl(tenant);
  return new BrokerError(error.code, error.message, { ...error.details, consentUrl });
}

/** Who may not list tenants can't tell an unknown tenant from a forbidden one. */
function toUnknownError(caller: Caller): BrokerError {
  return hasRole(caller, 'Tenants.Read') ? toNotFoundError() : toDeniedError();
}
