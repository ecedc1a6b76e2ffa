import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { BrokerError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createSingleFlight } from '../single-flight.ts';
import { MINUTE } from '../time.ts';

/** A key that signs receipts: EC P-256. */
interface ReceiptKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** What customers verify with (RFC 7517); no private member. */
  readonly publicJwk: JWK;
}

/** The enabled versions of the receipt key. */
export interface ReceiptKeys {
  /**
   * Newest first; empty when there is none. Rejects when the vault can't be read and nothing is
   * known.
   */
  list(): Promise<readonly ReceiptKey[]>;
}

/** How long the list is used before the vault is asked again. */
const LIST_AGE = 5 * MINUTE;

/** The same after a failure, or when there was no key. */
const FAILURE_PAUSE = 30_000;

/** Where the versions come from, newest first. */
interface ReceiptKeyParts {
  readonly listVersions: () => Promise<readonly { readonly version: string }[]>;
  /** `undefined`: the version is disabled or gone. */
  readonly readVersion: (version: string) => Promise<{ readonly value: string } | undefined>;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Keeps the keys in memory: anybody may ask for the public ones, and must not load the vault by it.
 */
export function createReceiptKeys({
  listVersions,
  readVersion,
  log,
  now,
}: ReceiptKeyParts): ReceiptKeys {
  let keys: readonly ReceiptKey[] | undefined;
  let lookAgainAt = Number.NEGATIVE_INFINITY;
  const share = createSingleFlight<readonly ReceiptKey[]>();

  const read = async ({ version }: { version: string }): Promise<readonly ReceiptKey[]> => {
    const found = await readVersion(version);
    if (!found) return [];
    const key = await parseKey(found.value);
    if (key) return [key];
    // A mistake in the newest version must not take the good ones away.
    const expected = 'an EC P-256 private key, as PKCS#8 PEM or JWK';
    log.error('receipt.key_malformed', { version, expected });
    return [];
  };

  const load = async (): Promise<readonly ReceiptKey[]> => {
    try {
      keys = (await Promise.all((await listVersions()).map(read))).flat();
      lookAgainAt = now() + (keys.length > 0 ? LIST_AGE : FAILURE_PAUSE);
    } catch (error) {
      lookAgainAt = now() + FAILURE_PAUSE;
      if (!keys) throw toUnreadableError(error);
      log.error('receipt.keys_kept', { keys: keys.length });
    }
    return keys;
  };

  return {
    async list() {
      if (now() >= lookAgainAt) return await share('keys', load);
      if (!keys) throw toUnreadableError(undefined);
      return keys;
    },
  };
}

/** The key in a secret's value, `undefined` when it is no private EC key of P-256. */
async function parseKey(value: string): Promise<ReceiptKey | undefined> {
  const privateKey = findPrivateKey(value);
  if (privateKey?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
  const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (!kty || !crv || !x || !y) return undefined;
  const kid = await calculateJwkThumbprint({ kty, crv, x, y });
  return { kid, privateKey, publicJwk: { kty, crv, x, y, kid, use: 'sig', alg: 'ES256' } };
}

function findPrivateKey(value: string): KeyObject | undefined {
  try {
    const text = value.trim();
    if (!text.startsWith('{')) return createPrivateKey(text);
    return createPrivateKey({ key: JSON.parse(text), format: 'jwk' });
  } catch {
    return undefined;
  }
}

function toUnreadableError(cause: unknown): BrokerError {
  return new BrokerError(
    'temporarily_unavailable',
    'The receipt keys can not be read from Key Vault.',
    {
      owner: 'partner',
      remedy:
        'Check that Key Vault answers, that the managed identity may read secrets, and RECEIPT_KEY_NAME.',
      retryAfterSeconds: 30,
      cause,
    },
  );
}
