import type { Cloud } from '../../tokens/resource.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { type ClientCredential, toAssertionProof } from './client-credential.ts';

/** A token of the managed identity for the scope; the SDK caches it. Rejects when the endpoint does not answer. */
export type GetIdentityToken = (scope: string) => Promise<string>;

/** There is one identity, and it has no versions. */
const VERSION = 'managed-identity';

/** What the federated credential must name as audience ("Configure an application to trust a managed identity"). */
const AUDIENCES: Readonly<Record<Cloud, string>> = {
  global: 'api://AzureADTokenExchange',
  gcc: 'api://AzureADTokenExchange',
  'gcc-high': 'api://AzureADTokenExchangeUSGov',
  dod: 'api://AzureADTokenExchangeUSGov',
};

/** Creates the credential without a secret: the managed identity's token is the client assertion. */
export function createFederatedCredential({
  getIdentityToken,
  cloud,
  now,
}: {
  getIdentityToken: GetIdentityToken;
  cloud: Cloud;
  now: () => number;
}): ClientCredential {
  const breaker = createCircuitBreaker(now);
  const scope = `${AUDIENCES[cloud]}/.default`;
  return {
    async authenticate() {
      breaker.assertClosed();
      try {
        return { version: VERSION, proof: toAssertionProof(await getIdentityToken(scope)) };
      } catch (error) {
        throw breaker.openForOutage(error);
      }
    },
    renew: () => Promise.resolve(false),
    hold: breaker.open,
    describe: () => ({ kind: 'managed-identity', problems: [] }),
  };
}
