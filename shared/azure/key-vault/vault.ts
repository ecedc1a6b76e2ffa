import type { SecretClient, SecretProperties } from '@azure/keyvault-secrets';
import type { RingKey } from '../../crypto/key-ring.ts';
import { BrokerError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { findStatus } from '../requests/storage-error.ts';

/** Reading the secrets of one vault. */
export interface Vault {
  /** The enabled versions whose time has come, newest first; rejects when they can't be listed. */
  listVersions(name: string): Promise<readonly SecretVersion[]>;
  /** `undefined`: the version is disabled or gone; rejects when it can't be read. */
  readVersion(name: string, version: string): Promise<SecretValue | undefined>;
  /**
   * The enabled versions of a key-encryption secret, newest first; malformed ones are left out and
   * logged.
   */
  readKeys(name: string): Promise<readonly RingKey[]>;
}

/** A version of a secret without its value; times in epoch milliseconds. */
interface SecretVersion {
  readonly version: string;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
}

/** A version's value. */
interface SecretValue {
  readonly value: string;
}

/** Keys older than the newest few sealed tokens that ended long ago. */
const RING_SIZE = 5;

const KEY_BYTES = 32;

/** What the vault answers for a version that is disabled, or not there (any more). */
const UNREADABLE = [403, 404];

/** Creates the reader over a Key Vault. */
export function createVault(
  connect: () => Promise<SecretClient>,
  { log, now }: { log: Log; now: () => number },
): Vault {
  const listVersions = async (name: string): Promise<readonly SecretVersion[]> => {
    const versions: SecretProperties[] = [];
    try {
      for await (const version of (await connect()).listPropertiesOfSecretVersions(name)) {
        if (isInForce(version, now())) versions.push(version);
      }
    } catch (error) {
      throw findStatus(error) === 403 ? toForbiddenError(error) : error;
    }
    return versions.map(toSecretVersion).toSorted((a, b) => b.createdAt - a.createdAt);
  };

  const readVersion = async (name: string, version: string): Promise<SecretValue | undefined> => {
    try {
      const { value = '' } = await (await connect()).getSecret(name, { version });
      return { value };
    } catch (error) {
      if (UNREADABLE.includes(findStatus(error) ?? 0)) return undefined;
      throw error;
    }
  };

  const readKey = async (
    name: string,
    { version, createdAt }: SecretVersion,
  ): Promise<readonly RingKey[]> => {
    const read = await readVersion(name, version);
    const key = Uint8Array.from(Buffer.from(read?.value ?? '', 'base64url'));
    if (key.length === KEY_BYTES) return [{ kid: version, key, createdAt }];
    // A mistake in the newest version must not take the good ones away.
    if (read)
      log.error('vault.key_malformed', {
        secret: name,
        version,
        expected: '32 bytes in base64url',
      });
    return [];
  };

  return {
    listVersions,
    readVersion,
    async readKeys(name) {
      const newest = (await listVersions(name)).slice(0, RING_SIZE);
      const keys = await Promise.all(newest.map((version) => readKey(name, version)));
      return keys.flat();
    },
  };
}

function toForbiddenError(cause: unknown): BrokerError {
  return new BrokerError(
    'temporarily_unavailable',
    'The managed identity may not list secrets in Key Vault.',
    {
      owner: 'partner',
      remedy: 'Give it the role Key Vault Secrets User on the vault; it takes minutes to apply.',
      retryAfterSeconds: 30,
      cause,
    },
  );
}

/**
 * The vault lets a version be read outside of its dates; one of the future is not meant to be used
 * yet.
 */
function isInForce({ enabled, notBefore }: SecretProperties, now: number): boolean {
  return enabled !== false && (notBefore === undefined || notBefore.getTime() <= now);
}

function toSecretVersion({ version = '', createdOn, expiresOn }: SecretProperties): SecretVersion {
  return { version, createdAt: createdOn?.getTime() ?? 0, expiresAt: expiresOn?.getTime() };
}
