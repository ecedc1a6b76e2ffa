import { createBoundedMap } from '../bounded-map.ts';
import { BrokerError } from '../errors.ts';
import { createSingleFlight } from '../single-flight.ts';
import type { TokenResponse } from './issue-token.ts';
import { isDue, isUsable, urgentAt } from './schedule.ts';
import type { OpenToken } from './sealed-token.ts';
import { type TokenKey, toKeyText } from './token-record.ts';
import type { BrokeredToken, Need, Obtained, TokenSource } from './token-source.ts';

/** Serves the token of a tenant and API from memory, else from the table, else from Entra. */
export interface TokenBroker {
  /** A token with at least `minTtlMs` left (0: any that works); rejects with a BrokerError. */
  getToken(key: TokenKey, minTtlMs: number): Promise<BrokeredToken>;
  /** Replaces the stored token if its refresh time has come; rejects with a BrokerError. */
  refresh(key: TokenKey): Promise<Obtained>;
  /** Stores a token that was issued for a proof. */
  keep(key: TokenKey, issued: TokenResponse): Promise<void>;
  /** Lets Entra be asked again for every resource of a tenant. */
  clearSetbacks(tenantId: string): Promise<void>;
  /** Forgets every token that this process holds. */
  forget(): void;
}

/** How long a token past its refresh time is served before the table is asked for a newer one. */
const LOOK_AGAIN = 30_000;

/** A token this young can't be bettered for `min_ttl` by asking Entra once more. */
const JUST_ISSUED = 5 * 60_000;

interface Cached {
  readonly token: BrokeredToken;
  /** Until then the token is served without a look at the table. */
  readonly lookAgainAt: number;
}

/** Creates the broker of one process: the first cache level in front of a token source. */
export function createTokenBroker({
  source,
  now,
}: {
  source: TokenSource;
  now: () => number;
}): TokenBroker {
  const cache = createBoundedMap<Cached>();
  const share = createSingleFlight<Obtained>();

  const remember = (token: BrokeredToken): void => {
    const settled = !token.degraded && !isDue(token, now());
    const lookAgainAt = settled ? token.refreshAt : now() + LOOK_AGAIN;
    cache.set(toKeyText(token), { token, lookAgainAt });
  };

  const obtain = (key: TokenKey, need: Need): Promise<Obtained> =>
    share(toKeyText(key), async () => {
      const obtained = await source.obtain(key, need);
      remember(obtained.token);
      return obtained;
    });

  const obtainFor = async (key: TokenKey, minTtlMs: number): Promise<BrokeredToken> => {
    const need = toCallersNeed(minTtlMs, now);
    const { token } = await obtain(key, need);
    if (token.degraded || need.enough(token) || need.acceptable(token)) return token;
    // The flight that we joined was for a caller with smaller needs.
    return (await obtain(key, need)).token;
  };

  /** With the table or Entra out of reach, what this process holds is served as long as it works. */
  const obtainOrServe = async (key: TokenKey, minTtlMs: number): Promise<BrokeredToken> => {
    try {
      return await obtainFor(key, minTtlMs);
    } catch (error) {
      const held = cache.get(toKeyText(key))?.token;
      if (!held || !isUsable(held, now()) || !isTransient(error)) throw error;
      const degraded = { ...held, degraded: true };
      remember(degraded);
      return degraded;
    }
  };

  return {
    async getToken(key, minTtlMs) {
      const cached = cache.get(toKeyText(key));
      if (cached && now() < cached.lookAgainAt && hasLife(cached.token, minTtlMs, now())) {
        return cached.token;
      }
      const token = await obtainOrServe(key, minTtlMs);
      if (token.degraded || hasLife(token, minTtlMs, now())) return token;
      throw toTooLongError(token);
    },
    refresh: (key) =>
      obtain(key, {
        enough: (token) => !isDue(token, now()),
        acceptable: () => true,
        demand: false,
      }),
    keep: source.keep,
    clearSetbacks: source.clearSetbacks,
    forget: cache.clear,
  };
}

function toCallersNeed(minTtlMs: number, now: () => number): Need {
  const justIssued = ({ issuedAt }: OpenToken) => now() - issuedAt < JUST_ISSUED;
  return {
    enough: (token) =>
      isUsable(token, now()) &&
      (justIssued(token) || (hasLife(token, minTtlMs, now()) && now() < urgentAt(token))),
    acceptable: (token) => hasLife(token, minTtlMs, now()),
    demand: true,
  };
}

function hasLife(token: OpenToken, minTtlMs: number, now: number): boolean {
  return isUsable(token, now) && token.expiresAt - now >= minTtlMs;
}

function isTransient(error: unknown): boolean {
  return !(error instanceof BrokerError) || error.code === 'temporarily_unavailable';
}

function toTooLongError({ issuedAt, expiresAt }: BrokeredToken): BrokerError {
  const seconds = Math.floor((expiresAt - issuedAt) / 1000);
  return new BrokerError(
    'invalid_request',
    `The parameter min_ttl asks for more than the ${seconds} s that Entra gives this tenant.`,
    { owner: 'caller', remedy: 'Ask for a smaller min_ttl.' },
  );
}
