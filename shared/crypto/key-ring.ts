import { BrokerError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createSingleFlight } from '../single-flight.ts';
import { MINUTE } from '../time.ts';

/** A symmetric key of the ring: 32 bytes, named by its Key Vault version. */
export interface RingKey {
  readonly kid: string;
  readonly key: Uint8Array;
  /** When it came into the vault, in epoch milliseconds. */
  readonly createdAt: number;
}

/** The keys that seal what rests in storage or travels in cookies and `state`. */
export interface KeyRing {
  /**
   * The newest key that every process knows; rejects when the vault can't be read and nothing is
   * cached.
   */
  current(): Promise<RingKey>;
  /** The key of that id, `undefined` when the ring does not hold it (any more). */
  find(kid: string): Promise<RingKey | undefined>;
  /** The same without waiting; `undefined` says nothing: ask `find`. */
  peek(kid: string): RingKey | undefined;
}

/** How long a ring is used before the vault is asked for newer keys. */
const RING_AGE = 5 * MINUTE;

/**
 * A key seals when every process has had the time to learn of it: its reading age and a minute for
 * clocks.
 */
const LEARNING_TIME = RING_AGE + 60_000;

/** An unknown key id makes us look again at once, but not more often than this. */
const RELOAD_PAUSE = 30_000;

/**
 * Keeps the enabled keys of the ring in memory. `loadKeys` answers them newest first; when it
 * fails, the keys known so far stay in use.
 */
export function createKeyRing({
  loadKeys,
  log,
  now,
}: {
  loadKeys: () => Promise<readonly RingKey[]>;
  log: Log;
  now: () => number;
}): KeyRing {
  let keys: readonly RingKey[] = [];
  let loadedAt = Number.NEGATIVE_INFINITY;
  const share = createSingleFlight<void>();

  const load = () =>
    share('ring', async () => {
      keys = await loadOrKeep(loadKeys, keys, log);
      loadedAt = now();
    });
  const olderThan = (age: number) => now() - loadedAt >= age;
  const findKnown = (kid: string) => keys.find((key) => key.kid === kid);

  return {
    async current() {
      if (olderThan(RING_AGE)) await load();
      const learned = keys.find(({ createdAt }) => now() - createdAt >= LEARNING_TIME);
      const current = learned ?? keys.at(-1);
      if (!current) throw toEmptyError();
      return current;
    },
    async find(kid) {
      if (olderThan(RING_AGE)) await load();
      const known = findKnown(kid);
      if (known || !olderThan(RELOAD_PAUSE)) return known;
      await load();
      return findKnown(kid);
    },
    peek: (kid) => (olderThan(RING_AGE) ? undefined : findKnown(kid)),
  };
}

/** What worked before goes on working, whatever became of the vault or the ring. */
async function loadOrKeep(
  loadKeys: () => Promise<readonly RingKey[]>,
  held: readonly RingKey[],
  log: Log,
): Promise<readonly RingKey[]> {
  try {
    const loaded = await loadKeys();
    if (loaded.length > 0) return loaded;
    throw toEmptyError();
  } catch (error) {
    if (held.length === 0) throw error instanceof BrokerError ? error : toUnreadableError(error);
    log.error('ring.kept', { keys: held.length, reason: toReason(error) });
    return held;
  }
}

function toReason(error: unknown): string {
  return error instanceof BrokerError ? error.message : 'The vault does not answer.';
}

function toEmptyError(): BrokerError {
  return new BrokerError(
    'temporarily_unavailable',
    'The key ring has no enabled key that is 32 bytes long.',
    {
      owner: 'partner',
      remedy:
        'Add or enable a version of TOKEN_KEY_NAME in Key Vault: 32 random bytes in base64url.',
      retryAfterSeconds: 10,
    },
  );
}

function toUnreadableError(cause: unknown): BrokerError {
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
