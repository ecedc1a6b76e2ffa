import { createSingleFlight } from '../../single-flight.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { ClientCredential } from './client-credential.ts';
import { createVersionSelector, type VersionSelectorParts } from './version-selector.ts';
import type { CredentialVersion } from './versions.ts';

/** A version is used this long before the vault is asked for a newer one. */
const VERSIONS_MAX_AGE_MS = 5 * 60_000;

/** A vault that did not answer is asked again after this. */
const VAULT_RETRY_MS = 30_000;

/** Creates a credential whose versions follow each other in Key Vault: cached, and looked after by one request at a time. */
export function createRotatingCredential(parts: VersionSelectorParts): ClientCredential {
  const { kind, now } = parts;
  const selector = createVersionSelector(parts);
  const breaker = createCircuitBreaker(now);
  const share = createSingleFlight<boolean>();
  let lookAt = Number.NEGATIVE_INFINITY;

  const look = async (): Promise<boolean> => {
    try {
      await selector.look();
      lookAt = now() + VERSIONS_MAX_AGE_MS;
    } catch (error) {
      if (!selector.active()) throw breaker.openForOutage(error);
      lookAt = now() + VAULT_RETRY_MS;
    }
    return selector.active() !== undefined;
  };

  const current = async (): Promise<CredentialVersion> => {
    if (now() >= lookAt || !selector.active()) await share('look', look);
    const active = selector.active();
    if (active) return active;
    throw breaker.openForOutage(new Error('Key Vault holds no version that can be used.'));
  };

  return {
    async authenticate(tokenEndpoint) {
      breaker.assertClosed();
      const { version, present } = await current();
      return { version, proof: await present(tokenEndpoint) };
    },
    async renew({ version }, failure) {
      const refused = selector.active();
      if (refused?.version !== version) return refused !== undefined;
      return await share(`replace ${version}`, () => selector.replace(refused, failure));
    },
    hold: breaker.open,
    describe: () => {
      const active = selector.active();
      const times = { createdAt: active?.createdAt, expiresAt: active?.expiresAt };
      return { kind, ...times, problems: selector.problems() };
    },
  };
}
