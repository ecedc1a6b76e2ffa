import { createRecordIssuance } from '../../shared/audit/record-issuance.ts';
import { createBrokerToken } from '../../shared/broker-token.ts';
import type { Authorize } from '../../shared/callers/authorize.ts';
import type { Config } from '../../shared/config.ts';
import type { GetConsentUrl } from '../../shared/consent/reconsent.ts';
import { createResourceParser } from '../../shared/tokens/resource.ts';
import { createValidateToken } from '../../shared/tokens/validate-token.ts';
import type { Entra } from './entra.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/** Wires what callers do with tokens: get one, look at one. */
export function composeExchange(
  { requiredRoles, clientId }: Config,
  parts: {
    storage: Storage;
    entra: Entra;
    tokens: Tokens;
    authorize: Authorize;
    getConsentUrl: GetConsentUrl;
  },
) {
  const { storage, tokens, authorize, getConsentUrl } = parts;
  const { resources, resolveTenant } = parts.entra;
  const parseResource = createResourceParser(resources);
  return {
    parseResource,
    brokerToken: createBrokerToken({
      epoch: tokens.watch,
      resolveTenant,
      parseResource,
      authorize,
      recordIssuance: createRecordIssuance({ issuances: storage.issuances, now }),
      directory: tokens.directory,
      broker: tokens.broker,
      getConsentUrl,
    }),
    validateToken: createValidateToken({ resources, requiredRoles, clientId, now }),
  };
}
