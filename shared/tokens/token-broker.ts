import { type BoundedMap, createBoundedMap } from '../bounded-map.ts';
import { BrokerError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createSingleFlight } from '../single-flight.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { MINUTE } from '../time.ts';
import type { BrokeredToken, Need, Obtained } from './brokered-token.ts';
import type { TokenSource } from './source/token-source.ts';
import type { IssuedToken } from './token-issuer.ts';
import { isRefreshDue, isUsable } from './token-life.ts';
import {
  hasLife,
  toCallersNeed,
  toOtherNeed,
  toTimersNeed,
  toTooLongError,
} from './token-needs.ts';
import { type TokenKey, toKeyText } from './token-record.ts';

/** A token in memory. Code that keeps it elsewhere has to look whether it still is the one. */
export interface HeldToken {
  readonly token: BrokeredToken;
  /** Until then the token is served without a look at the table. Epoch milliseconds. */
  readonly lookAgainAt: number;
  /** Memory holds another one for the key by now. */
  isReplaced: boolean;
}

/** Serves the token of a tenant and API from memory, else from the table, else from Entra. */
export interface TokenBroker {
  /** A token with at least `minTtlMs` left (0: any that works); rejects with a BrokerError. */
  getToken(key: TokenKey, minTtlMs: number): Promise<BrokeredToken>;
  /** Replaces the stored token if its refresh time has come; rejects with a BrokerError. */
  refresh(key: TokenKey): Promise<Obtained>;
  /**
   * Another token than one that an API refused; the same, if there is none or it is too young to be
   * the reason.
   */
  replace(refused: BrokeredToken): Promise<BrokeredToken>;
  /** Stores a token that was issued for a proof. */
  keep(key: TokenKey, issued: IssuedToken): Promise<void>;
  /** Lets Entra be asked again for every resource of a tenant. */
  clearRetryStates(tenantId: string): Promise<void>;
  /** The token that memory holds; `undefined`: none. */
  findHeld(key: TokenKey): HeldToken | undefined;
  /** Counts a token that was served by somebody who kept what `findHeld` answered. */
  countServed(): void;
  /** Forgets every token that this process holds. */
  forget(): void;
}

/** How long a token past its refresh time is served before the table is asked for a newer one. */
const LOOK_AGAIN_MS = 30_000;

/** A token with the place where it was found. */
type Served = Omit<Obtained, 'source'> & { readonly source: Obtained['source'] | 'memory' };

/** An API that refuses a token which Entra has just issued would refuse the next one too. */
const MIN_REFUSED_AGE_MS = MINUTE;

/** What a token broker is made of. */
interface TokenBrokerParts {
  readonly source: TokenSource;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
}

/** Creates the broker of one process: the first cache level in front of a token source. */
export function createTokenBroker(parts: TokenBrokerParts): TokenBroker {
  const { source, now } = parts;
  const cache = createBoundedMap<HeldToken>();
  const tally = createTally(parts);
  const share = createSingleFlight<Obtained>();

  const remember = (token: BrokeredToken): void => {
    const settled = !token.degraded && !isRefreshDue(token, now());
    const until = settled ? token.refreshAt : now() + LOOK_AGAIN_MS;
    keepInMemory(cache, { token, lookAgainAt: until, isReplaced: false });
  };

  const obtain = (key: TokenKey, need: Need): Promise<Obtained> =>
    share(toKeyText(key), async () => {
      const obtained = await source.obtain(key, need);
      remember(obtained.token);
      return obtained;
    });

  /**
   * With the table or Entra out of reach, what this process holds is served as long as it works.
   */
  const obtainOrServe = async (key: TokenKey, minTtlMs: number): Promise<Served> => {
    try {
      return await obtainFor(obtain, key, toCallersNeed(minTtlMs, now));
    } catch (error) {
      const held = cache.get(toKeyText(key))?.token;
      if (!held || !isUsable(held, now()) || !isTransient(error)) throw error;
      const degraded = { ...held, degraded: true };
      remember(degraded);
      return { token: degraded, source: 'memory' };
    }
  };

  return {
    async getToken(key, minTtlMs) {
      const cached = cache.get(toKeyText(key));
      if (cached && now() < cached.lookAgainAt && hasLife(cached.token, minTtlMs, now())) {
        tally.hit(cached.token);
        return cached.token;
      }
      return await tally.served(key, async () =>
        assertLasting(await obtainOrServe(key, minTtlMs), minTtlMs, now()),
      );
    },
    refresh: (key) => obtain(key, toTimersNeed(now)),
    async replace(refused) {
      if (now() - refused.issuedAt < MIN_REFUSED_AGE_MS) return refused;
      return (await obtainFor(obtain, refused, toOtherNeed(refused))).token;
    },
    keep: source.keep,
    clearRetryStates: source.clearRetryStates,
    findHeld: (key) => cache.get(toKeyText(key)),
    countServed: tally.issued,
    forget: cache.clear,
  };
}

function keepInMemory(cache: BoundedMap<HeldToken>, held: HeldToken): void {
  const key = toKeyText(held.token);
  const former = cache.get(key);
  if (former) former.isReplaced = true;
  cache.set(key, held);
}

async function obtainFor(
  obtain: (key: TokenKey, need: Need) => Promise<Obtained>,
  key: TokenKey,
  need: Need,
): Promise<Obtained> {
  const obtained = await obtain(key, need);
  const { token } = obtained;
  if (token.degraded || need.enough(token) || need.acceptable(token)) return obtained;
  // The flight that we joined was for a caller with smaller needs.
  return await obtain(key, need);
}

/** What every request for a token came to, counted; all but hits in memory are noted too. */
function createTally({ metrics, log }: TokenBrokerParts) {
  const issued = metrics.counter('tokens.brokered', { source: 'memory', outcome: 'issued' });
  const degraded = metrics.counter('tokens.brokered', { source: 'memory', outcome: 'degraded' });
  return {
    issued,
    /** The hot path: an increment of one of two numbers. */
    hit: (token: BrokeredToken) => (token.degraded ? degraded() : issued()),
    async served(key: TokenKey, serve: () => Promise<Served>): Promise<BrokeredToken> {
      try {
        const { token, source } = await serve();
        log.note({ ...toNote(key), source, degraded: token.degraded });
        const outcome = token.degraded ? 'degraded' : 'issued';
        metrics.count('tokens.brokered', { source, outcome });
        return token;
      } catch (error) {
        const outcome = error instanceof BrokerError ? error.code : 'server_error';
        metrics.count('tokens.brokered', { source: 'none', outcome });
        log.note(toNote(key));
        throw error;
      }
    },
  };
}

function toNote({ tenantId, resource }: TokenKey) {
  return { tenant: tenantId, resource };
}

function assertLasting(served: Served, minTtlMs: number, now: number): Served {
  if (served.token.degraded || hasLife(served.token, minTtlMs, now)) return served;
  throw toTooLongError(served.token);
}

function isTransient(error: unknown): boolean {
  return !(error instanceof BrokerError) || error.code === 'temporarily_unavailable';
}
