import { createSingleFlight } from '../../single-flight.ts';
import type { ClientCredential } from './client-credential.ts';
import { createHold } from './hold.ts';
import { createVersionChoice, type VersionChoiceParts } from './version-choice.ts';
import type { CredentialVersion } from './versions.ts';

/** A version is used this long before the vault is asked for a newer one. */
const VERSIONS_AGE = 5 * 60_000;

/** A vault that did not answer is asked again after this. */
const VAULT_PAUSE = 30_000;

/** Creates a credential whose versions follow each other in Key Vault: cached, and looked after by one request at a time. */
export function createRotatingCredential(parts: VersionChoiceParts): ClientCredential {
  const { kind, now } = parts;
  const choice = createVersionChoice(parts);
  const hold = createHold(now);
  const share = createSingleFlight<boolean>();
  let lookAt = Number.NEGATIVE_INFINITY;

  const look = async (): Promise<boolean> => {
    try {
      await choice.look();
      lookAt = now() + VERSIONS_AGE;
    } catch (error) {
      if (!choice.active()) throw hold.unavailable(error);
      lookAt = now() + VAULT_PAUSE;
    }
    return choice.active() !== undefined;
  };

  const current = async (): Promise<CredentialVersion> => {
    if (now() >= lookAt || !choice.active()) await share('look', look);
    const active = choice.active();
    if (active) return active;
    throw hold.unavailable(new Error('Key Vault holds no version that can be used.'));
  };

  return {
    async authenticate(tokenEndpoint) {
      hold.assertFree();
      const { version, present } = await current();
      return { version, proof: await present(tokenEndpoint) };
    },
    async renew({ version }, failure) {
      const refused = choice.active();
      if (refused?.version !== version) return refused !== undefined;
      return await share(`replace ${version}`, () => choice.replace(refused, failure));
    },
    hold: hold.refuse,
    describe: () => {
      const active = choice.active();
      const times = { createdAt: active?.createdAt, expiresAt: active?.expiresAt };
      return { kind, ...times, problems: choice.problems() };
    },
  };
}
