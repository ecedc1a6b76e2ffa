import { BrokerError } from '../errors.ts';
import { createSingleFlight } from '../single-flight.ts';

/** A symmetric key of the ring: 32 bytes, named by its Key Vault version. */
export interface RingKey {
  readonly kid: string;
  readonly key: Uint8Array;
}

/** The keys that seal what rests in storage or travels in cookies and `state`. */
export interface KeyRing {
  /** The key that seals; rejects when the vault can't be read and nothing is cached. */
  current(): Promise<RingKey>;
  /** The key of that id, `undefined` when the ring does not hold it (any more). */
  find(kid: string): Promise<RingKey | undefined>;
}

/** How long a ring is used before the vault is asked for newer keys. */
const RING_AGE = 5 * 60_000;

/** An unknown key id makes us look again at once, but not more often than this. */
const RELOAD_PAUSE = 30_000;

/**
 * Keeps the enabled keys of the ring in memory. `loadKeys` answers them newest first; when it fails, the keys
 * known so far stay in use.
 */
export function createKeyRing({
  loadKeys,
  now,
}: {
  loadKeys: () => Promise<readonly RingKey[]>;
  now: () => number;
}): KeyRing {
  let keys: readonly RingKey[] = [];
  let loadedAt = Number.NEGATIVE_INFINITY;
  const share = createSingleFlight<void>();

  const load = () =>
    share('ring', async () => {
      try {
        const loaded = await loadKeys();
        if (loaded.length === 0) throw new Error('The key ring has no enabled key.');
        keys = loaded;
      } catch (error) {
        if (keys.length === 0) throw toUnreadableError(error);
      }
      loadedAt = now();
    });
  const olderThan = (age: number) => now() - loadedAt >= age;

  return {
    async current() {
      if (olderThan(RING_AGE)) await load();
      const [newest] = keys;
      if (!newest) throw toUnreadableError();
      return newest;
    },
    async find(kid) {
      if (olderThan(RING_AGE)) await load();
      const known = keys.find((key) => key.kid === kid);
      if (known || !olderThan(RELOAD_PAUSE)) return known;
      await load();
      return keys.find((key) => key.kid === kid);
    },
  };
}

function toUnreadableError(cause?: unknown): BrokerError {
  return new BrokerError(
    'temporarily_unavailable',
    'The key ring can not be read from Key Vault.',
    {
      owner: 'partner',
      remedy:
        'Check that Key Vault answers, that the managed identity may read secrets, and TOKEN_KEY_NAME.',
      retryAfterSeconds: 10,
      cause,
    },
  );
}
