import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, errors, type JWK, type JWTVerifyGetKey } from 'jose';
import * as v from 'valibot';
import { toDelayMs } from '../retry/delay.ts';
import { createSingleFlight } from '../single-flight.ts';
import { HOUR, MINUTE } from '../time.ts';
import { type Fetch, getJson } from './entra-http.ts';
import { type MetadataOf, type OpenIdMetadata, readMetadata } from './openid-metadata.ts';

/**
 * An issuer with the keys that it publishes, kept as "Signing key rollover" (Microsoft Learn) asks.
 */
interface PublishedKeys {
  /** The issuer as its metadata names it. */
  issuer(): Promise<string>;
  /** The key of a token's `kid`, for jose. */
  readonly getKey: JWTVerifyGetKey;
}

/** Keys are looked at again hourly, long before Entra retires one. */
const KEYS_MAX_AGE_MS = HOUR;

/**
 * An unknown `kid` makes us look at once, but strangers must not make us ask Entra at their pace.
 */
const RELOAD_PAUSE_MS = 5 * MINUTE;

/** What RS256 takes (RFC 7518 section 3.3). */
const MIN_KEY_BITS = 2048;

/** 8,192 bits in base64url: what is longer would only cost time. */
const MAX_MODULUS_LENGTH = 1366;

/** Entra's key ids have 27 characters. */
const MAX_KID_LENGTH = 200;

const jwksSchema = v.object({ keys: v.array(v.unknown()) });
const keySchema = v.object({
  kty: v.literal('RSA'),
  kid: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_KID_LENGTH)),
  use: v.optional(v.unknown()),
  n: v.pipe(v.string(), v.maxLength(MAX_MODULUS_LENGTH)),
  e: v.literal('AQAB'),
});

/**
 * The keys that can verify a signature, each read on its own and once; throws when there is none.
 */
function parseKeys(body: unknown): JWK[] {
  const byId = new Map<string, JWK>();
  for (const candidate of v.parse(jwksSchema, body).keys) {
    const key = v.safeParse(keySchema, candidate);
    if (!key.success || key.output.use === 'enc') continue;
    const { kty, kid, n, e } = key.output;
    if (isUsable({ kty, n, e })) byId.set(kid, { kty, kid, n, e });
  }
  if (byId.size === 0) throw new Error('The key endpoint answered no key that can be used.');
  return [...byId.values()];
}

function isUsable(key: JWK): boolean {
  try {
    const { modulusLength = 0 } =
      createPublicKey({ key, format: 'jwk' }).asymmetricKeyDetails ?? {};
    return modulusLength >= MIN_KEY_BITS;
  } catch {
    return false;
  }
}

interface Loaded {
  readonly metadata: OpenIdMetadata;
  readonly getKey: JWTVerifyGetKey;
  readonly at: number;
}

/** Creates the keys of one tenant's issuer. The last good set outlives failures. */
export function createPublishedKeys({
  fetch,
  of,
  now,
}: {
  fetch: Fetch;
  of: MetadataOf;
  now: () => number;
}): PublishedKeys {
  let loaded: Loaded | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  const share = createSingleFlight<Loaded>();

  const load = () =>
    share('keys', async () => {
      triedAt = now();
      const metadata = await readMetadata(fetch, of);
      const { status, body } = await getJson(fetch, metadata.jwksUri);
      if (status !== 200) throw new Error(`The key endpoint answered ${status}.`);
      loaded = { metadata, getKey: createLocalJWKSet({ keys: parseKeys(body) }), at: now() };
      return loaded;
    });

  /** Strangers must not make us ask Entra at their pace while it fails. */
  const loadFirst = async (): Promise<Loaded> => {
    if (now() < pausedUntil) throw new Error('The keys could not be read a moment ago.');
    try {
      return await load();
    } catch (error) {
      pausedUntil = now() + toDelayMs('entra.keys');
      throw error;
    }
  };

  const reload = async (known: Loaded): Promise<Loaded> => {
    try {
      return await load();
    } catch {
      return known;
    }
  };

  const current = async (): Promise<Loaded> => {
    if (!loaded) return await loadFirst();
    const isOld =
      now() - loaded.at >= KEYS_MAX_AGE_MS && now() - triedAt >= toDelayMs('entra.keys');
    return isOld ? await reload(loaded) : loaded;
  };

  return {
    issuer: async () => (await current()).metadata.issuer,
    getKey: async (header, token) => {
      const known = await current();
      try {
        return await known.getKey(header, token);
      } catch (error) {
        const isUnknown = error instanceof errors.JWKSNoMatchingKey;
        if (!isUnknown || now() - triedAt < RELOAD_PAUSE_MS) throw error;
        return await (await reload(known)).getKey(header, token);
      }
    },
  };
}
