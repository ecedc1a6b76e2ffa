import type { AdmitCaller } from './admit-caller.ts';
import type { RecordIssuance } from './audit/record-issuance.ts';
import type { Caller } from './callers/caller.ts';
import type { ExchangeMemo } from './exchange-memo.ts';
import type { ResourceName } from './resources/resources.ts';
import { withConsentUrl } from './tenants/assert-served.ts';
import type { GetConsentUrl } from './tenants/consent-url.ts';
import type { Tenant } from './tenants/tenant.ts';
import type { BrokeredToken } from './tokens/brokered-token.ts';
import type { TokenBroker } from './tokens/token-broker.ts';

/** What a caller asks for. */
interface TokenRequest {
  readonly caller: Caller;
  /** GUID or verified domain. */
  readonly tenant: string;
  /** Any name of an API. */
  readonly resource: string;
  readonly minTtlMs: number;
  readonly correlationId: string;
}

/**
 * The token of one tenant for one caller; rejects with a BrokerError that says who has to do what.
 */
export type ServeToken = (request: TokenRequest) => BrokeredToken | Promise<BrokeredToken>;

/**
 * Creates the exchange: what is known already, else what lets the caller in, the token, its record.
 */
export function createServeToken(parts: {
  admit: AdmitCaller;
  parseResource: (value: string) => ResourceName;
  recordIssuance: RecordIssuance;
  broker: Pick<TokenBroker, 'getToken'>;
  memo: ExchangeMemo;
  getConsentUrl: GetConsentUrl;
}): ServeToken {
  const { admit, broker, memo, getConsentUrl } = parts;

  const getToken = async (tenant: Tenant, resource: ResourceName, minTtlMs: number) => {
    try {
      return await broker.getToken({ tenantId: tenant.tenantId, resource }, minTtlMs);
    } catch (error) {
      throw await withConsentUrl(error, tenant, getConsentUrl);
    }
  };

  const decide = async (request: TokenRequest): Promise<BrokeredToken> => {
    const { caller, tenant: name, minTtlMs, correlationId } = request;
    const basis = memo.begin();
    const resource = parts.parseResource(request.resource);
    const admission = { caller, tenant: name, resource, role: 'Tokens.Issue' } as const;
    const { tenant, ...why } = await admit(admission);
    const token = await getToken(tenant, resource, minTtlMs);
    const recording = parts.recordIssuance({ callerId: caller.id, token, ...why, correlationId });
    if (recording !== undefined) await recording;
    // Entra may have taken its time: who lost its right meanwhile gets nothing. So whatever leaves
    // was in the ledger before every process had seen the change, and a list that is made after
    // that is whole.
    await admit(admission);
    if (recording === undefined) memo.keep(basis, request, token);
    return token;
  };

  return (request) => memo.find(request, request.minTtlMs) ?? decide(request);
}
