import type { SecretClient, SecretProperties } from '@azure/keyvault-secrets';
import type { Log } from '../log.ts';
import type { RingKey } from '../tokens/key-ring.ts';

/** Reading the secrets of one vault. */
export interface Vault {
  /** The newest version's value; rejects when it can't be read. */
  readSecret(name: string): Promise<string>;
  /** The enabled versions of a key-encryption secret, newest first; malformed ones are left out and logged. */
  readKeys(name: string): Promise<readonly RingKey[]>;
}

/** Keys older than the newest few sealed tokens that ended long ago. */
const RING_SIZE = 5;

const KEY_BYTES = 32;

/** Creates the reader over a Key Vault. */
export function createVault(connect: () => Promise<SecretClient>, log: Log): Vault {
  const readKey = async (name: string, version: string): Promise<readonly RingKey[]> => {
    const { value = '' } = await (await connect()).getSecret(name, { version });
    const key = Uint8Array.from(Buffer.from(value, 'base64url'));
    if (key.length === KEY_BYTES) return [{ kid: version, key }];
    // A mistake in the newest version must not take the good ones away.
    log.error('vault.key_malformed', { secret: name, version, expected: '32 bytes in base64url' });
    return [];
  };

  return {
    async readSecret(name) {
      const { value } = await (await connect()).getSecret(name);
      if (value) return value;
      throw new Error(`The secret ${name} is empty.`);
    },
    async readKeys(name) {
      const versions: SecretProperties[] = [];
      for await (const version of (await connect()).listPropertiesOfSecretVersions(name)) {
        if (version.enabled) versions.push(version);
      }
      const newest = versions
        .toSorted((a, b) => (b.createdOn?.getTime() ?? 0) - (a.createdOn?.getTime() ?? 0))
        .slice(0, RING_SIZE);
      const keys = await Promise.all(newest.map(({ version = '' }) => readKey(name, version)));
      return keys.flat();
    },
  };
}
