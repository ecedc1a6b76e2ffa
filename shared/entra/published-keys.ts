import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import * as v from 'valibot';
import { createSingleFlight } from '../single-flight.ts';
import { type Fetch, getJson } from './entra-http.ts';
import { type OpenIdMetadata, readMetadata } from './openid-metadata.ts';

/** An issuer with the keys that it publishes, kept as "Signing key rollover" (Microsoft Learn) asks. */
export interface PublishedKeys {
  /** The issuer as its metadata names it. */
  issuer(): Promise<string>;
  /** The key of a token's `kid`, for jose. */
  readonly getKey: JWTVerifyGetKey;
}

/** Keys are looked at again hourly, long before Entra retires one. */
const KEYS_AGE = 60 * 60_000;

/** An unknown `kid` makes us look at once, but strangers must not make us ask Entra at their pace. */
const RELOAD_PAUSE = 5 * 60_000;

/** Entra's key endpoint failing is no reason to ask it on every request. */
const RETRY_PAUSE = 10_000;

const jwksSchema = v.object({ keys: v.array(v.looseObject({ kty: v.string() })) });

interface Loaded {
  readonly metadata: OpenIdMetadata;
  readonly getKey: JWTVerifyGetKey;
  readonly at: number;
}

/** Creates the keys of one issuer, from its metadata document's URL. The last good set outlives failures. */
export function createPublishedKeys({
  fetch,
  metadataUrl,
  now,
}: {
  fetch: Fetch;
  metadataUrl: string;
  now: () => number;
}): PublishedKeys {
  let loaded: Loaded | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  const share = createSingleFlight<Loaded>();

  const load = () =>
    share('keys', async () => {
      triedAt = now();
      const metadata = await readMetadata(fetch, metadataUrl);
      const { status, body } = await getJson(fetch, metadata.jwksUri);
      if (status !== 200) throw new Error(`The key endpoint answered ${status}.`);
      const { keys } = v.parse(jwksSchema, body);
      loaded = { metadata, getKey: createLocalJWKSet({ keys }), at: now() };
      return loaded;
    });

  /** Strangers must not make us ask Entra at their pace while it fails. */
  const loadFirst = async (): Promise<Loaded> => {
    if (now() < pausedUntil) throw new Error('The keys could not be read a moment ago.');
    try {
      return await load();
    } catch (error) {
      pausedUntil = now() + RETRY_PAUSE;
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
    const isOld = now() - loaded.at >= KEYS_AGE && now() - triedAt >= RETRY_PAUSE;
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
        if (!isUnknown || now() - triedAt < RELOAD_PAUSE) throw error;
        return await (await reload(known)).getKey(header, token);
      }
    },
  };
}
