import type { Cloud } from '../../tokens/resource.ts';
import { type ClientCredential, toAssertionProof } from './client-credential.ts';
import { createHold } from './hold.ts';

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
  const hold = createHold(now);
  const scope = `${AUDIENCES[cloud]}/.default`;
  return {
    async authenticate() {
      hold.assertFree();
      try {
        return { version: VERSION, proof: toAssertionProof(await getIdentityToken(scope)) };
      } catch (error) {
        throw hold.unavailable(error);
      }
    },
    renew: () => Promise.resolve(false),
    hold: hold.refuse,
    describe: () => ({ kind: 'managed-identity', problems: [] }),
  };
}
