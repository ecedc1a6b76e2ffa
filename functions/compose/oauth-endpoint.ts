import { setTimeout as sleep } from 'node:timers/promises';
import type { Authenticate } from '../../shared/callers/authenticate.ts';
import type { CheckCaller } from '../../shared/callers/check-caller.ts';
import type { Config } from '../../shared/config.ts';
import { createAskHomeTenant } from '../../shared/entra/ask-home-tenant.ts';
import { createAskBudget } from '../../shared/oauth/ask-budget.ts';
import { createAuthenticateClient } from '../../shared/oauth/authenticate-client.ts';
import { createMetadata } from '../../shared/oauth/metadata.ts';
import { createPatience } from '../../shared/oauth/patience.ts';
import { createIsProxyAddress, createReadTarget } from '../../shared/oauth/requested-target.ts';
import { createExchangeStandard } from '../../shared/oauth/standard-exchange.ts';
import { createVerifySecret } from '../../shared/oauth/verify-secret.ts';
import type { Resources } from '../../shared/resources/resource.ts';
import type { ResourceName } from '../../shared/resources/resources.ts';
import type { ServeToken } from '../../shared/serve-token.ts';
import type { Observer } from './observer.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/** Wires the OAuth endpoint: what proves a client, and the exchange behind both token endpoints. */
export function composeOAuthEndpoint(
  { authority, partnerTenantId, apiAudience, publicBaseUrl }: Config,
  parts: {
    tokens: Tokens;
    observer: Observer;
    identify: Authenticate;
    checkCaller: CheckCaller;
    resources: Resources;
    parseResource: (value: string) => ResourceName;
    serveToken: ServeToken;
  },
) {
  const { tokens, observer, resources, parseResource, serveToken } = parts;
  const { identify: authenticate, checkCaller } = parts;
  const askHomeTenant = createAskHomeTenant({
    fetch: observer.entraFetch,
    tokenEndpoint: `${authority}/${partnerTenantId}/oauth2/v2.0/token`,
    apiAudience,
  });
  const verifySecret = createVerifySecret({
    callers: tokens.secretCallers,
    epoch: tokens.watch,
    askHomeTenant,
    authenticate,
    budget: createAskBudget(now),
    now,
  });
  return {
    exchangeStandard: createExchangeStandard({
      authenticate,
      checkCaller,
      authenticateClient: createAuthenticateClient({ authenticate, verifySecret }),
      readTarget: createReadTarget(parseResource, createIsProxyAddress(publicBaseUrl)),
      resources,
      serveToken,
      withPatience: createPatience(sleep),
      log: observer.log,
      now,
    }),
    createMetadata: createMetadata(publicBaseUrl),
  };
}
