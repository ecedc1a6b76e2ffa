import type { Cloud } from '../../resources/cloud.ts';
import { createSingleFlight } from '../../single-flight.ts';
import type { Failure } from '../../tokens/failure.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import {
  type ClientCredential,
  type RefusalOutcome,
  toAssertionProof,
} from './client-credential.ts';
import type { Prove } from './home-tenant.ts';
import { createRefusalEvidence } from './refusal-evidence.ts';

/**
 * A token of the managed identity for the scope; the SDK caches it. Rejects when the endpoint does
 * not answer.
 */
type GetIdentityToken = (scope: string) => Promise<string>;

/** There is one identity, and it has no versions. */
const VERSION = 'managed-identity';

/**
 * What the federated credential must name as audience ("Configure an application to trust a managed
 * identity").
 */
const AUDIENCES: Readonly<Record<Cloud, string>> = {
  global: 'api://AzureADTokenExchange',
  gcc: 'api://AzureADTokenExchange',
  'gcc-high': 'api://AzureADTokenExchangeUSGov',
  dod: 'api://AzureADTokenExchangeUSGov',
};

/**
 * Creates the credential without a secret: the managed identity's token is the client assertion.
 */
export function createFederatedCredential({
  getIdentityToken,
  cloud,
  prove,
  now,
}: {
  getIdentityToken: GetIdentityToken;
  cloud: Cloud;
  prove: Prove;
  now: () => number;
}): ClientCredential {
  const breaker = createCircuitBreaker(now);
  const scope = `${AUDIENCES[cloud]}/.default`;
  const evidence = createRefusalEvidence({ prove, now });
  const present = async () => toAssertionProof(await getIdentityToken(scope));
  const share = createSingleFlight<RefusalOutcome>();

  const investigate = async (failure: Failure): Promise<RefusalOutcome> => {
    const verdict = await evidence.judge({ version: VERSION, present }, failure.cause);
    if (verdict !== 'refused') return 'unconfirmed';
    breaker.open(failure);
    return 'confirmed';
  };

  return {
    async authenticate() {
      breaker.assertClosed();
      try {
        return { version: VERSION, proof: await present() };
      } catch (error) {
        throw breaker.openForOutage(error);
      }
    },
    noteAccepted: evidence.noteAccepted,
    async handleRefusal(_, refusal) {
      evidence.noteRefused(refusal);
      return await share(refusal.failure.cause, () => investigate(refusal.failure));
    },
    describe: () => ({ kind: 'managed-identity', problems: [] }),
  };
}
