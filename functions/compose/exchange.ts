import { createRecordIssuance } from '../../shared/audit/record-issuance.ts';
import { createBrokerToken } from '../../shared/broker-token.ts';
import type { Authenticate } from '../../shared/callers/authenticate.ts';
import type { Authorize } from '../../shared/callers/authorize.ts';
import type { Config } from '../../shared/config.ts';
import type { GetConsentUrl } from '../../shared/consent/reconsent.ts';
import { createResourceParser } from '../../shared/tokens/resource.ts';
import { createValidateToken } from '../../shared/tokens/validate-token.ts';
import type { Entra } from './entra.ts';
import type { Observer } from './observer.ts';
import { composeStandardFace } from './standard-face.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/** Wires what callers do with tokens: get one, look at one. */
export function composeExchange(
  config: Config,
  parts: {
    storage: Storage;
    entra: Entra;
    tokens: Tokens;
    observer: Observer;
    authenticate: Authenticate;
    authorize: Authorize;
    getConsentUrl: GetConsentUrl;
  },
) {
  const { storage, tokens, authorize, getConsentUrl } = parts;
  const { resources, resolveTenant } = parts.entra;
  const { requiredRoles, clientId } = config;
  const parseResource = createResourceParser(resources);
  const brokerToken = createBrokerToken({
    epoch: tokens.watch,
    resolveTenant,
    parseResource,
    authorize,
    recordIssuance: createRecordIssuance({ issuances: storage.issuances, now }),
    directory: tokens.directory,
    broker: tokens.broker,
    getConsentUrl,
  });
  return {
    resources,
    parseResource,
    brokerToken,
    ...composeStandardFace(config, { ...parts, parseResource, brokerToken }),
    validateToken: createValidateToken({ resources, requiredRoles, clientId, now }),
  };
}
