import type { RequiredRoles } from '../config.ts';
import type { Stored } from '../store.ts';
import { type AccessTokenClaims, findClaims } from './access-token.ts';
import { FAILURES, type Failure, IssueError, toBrokerError } from './failure.ts';
import { assertGranted, type IssueToken, type TokenResponse } from './issue-token.ts';
import type { HeldRecord, Leases } from './lease.ts';
import { isUsable, planLife, toBackoff } from './schedule.ts';
import type { OpenToken, TokenSeal } from './sealed-token.ts';
import type { Setback, TokenKey, TokenRecord, TokenStore } from './token-record.ts';

/** A token ready to be handed out. */
export interface BrokeredToken extends OpenToken, TokenKey {
  /** `undefined`: the token can't be read. */
  readonly claims: AccessTokenClaims | undefined;
  /** The last refresh failed; the token still works. */
  readonly degraded: boolean;
}

/** What a token is wanted for. */
export interface Need {
  /** The stored token will do: Entra need not be asked. */
  enough(token: OpenToken): boolean;
  /** The stored token may be served while another process asks Entra. */
  acceptable(token: OpenToken): boolean;
  /** A caller asked, not the timer: the timer keeps fresh what callers ask for. */
  readonly demand: boolean;
}

/** Where an obtained token came from. */
export interface Obtained {
  readonly token: BrokeredToken;
  readonly source: 'table' | 'entra';
}

/** What became of a request to Entra, for the tenant's record; must not reject. */
export type ReportOutcome = (key: TokenKey, outcome: Outcome) => Promise<void>;

/** A token was issued, or a failure happened `count` times in a row. */
export type Outcome =
  | { readonly issued: true }
  | { readonly failure: Failure; readonly count: number };

/** What a token source is made of. */
export interface TokenSourceParts {
  readonly tokens: TokenStore;
  readonly leases: Leases;
  readonly seal: TokenSeal;
  readonly issueToken: IssueToken;
  readonly requiredRoles: RequiredRoles;
  readonly report: ReportOutcome;
  readonly now: () => number;
}

/** The token from the shared table, or from Entra by whichever process holds the lease. */
export interface TokenSource {
  /** Rejects with a BrokerError. */
  obtain(key: TokenKey, need: Need): Promise<Obtained>;
  /** Stores a token that was issued for a proof, unless another process is refreshing the key. */
  keep(key: TokenKey, issued: TokenResponse): Promise<void>;
}

/** Further requests for a key are not noted again within the hour: a note is a write. */
const DEMAND_AGE = 60 * 60_000;

/** What a caller is told who waited in vain for another process's refresh. */
const WAIT_AGAIN = 5000;

/** A key that is being looked for: its row, what it holds, and what it is wanted for. */
interface Attempt {
  readonly parts: TokenSourceParts;
  readonly key: TokenKey;
  readonly need: Need;
  readonly stored: Stored<TokenRecord> | undefined;
  readonly token: BrokeredToken | undefined;
}

/** Creates the source over one table and one client. */
export function createTokenSource(parts: TokenSourceParts): TokenSource {
  return {
    obtain: (key, need) => obtain(parts, key, need),
    async keep(key, issued) {
      const stored = await parts.tokens.find(key);
      const held = await parts.leases.acquire(key, stored);
      if (held) await save({ parts, key, need: NO_DEMAND, stored, token: undefined }, held, issued);
    },
  };
}

async function obtain(parts: TokenSourceParts, key: TokenKey, need: Need): Promise<Obtained> {
  const stored = await parts.tokens.find(key);
  const sealed = stored?.value.token?.sealed;
  const open = sealed === undefined ? undefined : await parts.seal.open(key, sealed);
  const token = open && toBrokered(key, open);
  const attempt = { parts, key, need, stored, token };
  if (token && need.enough(token)) {
    if (need.demand) await noteDemand(attempt);
    return { token, source: 'table' };
  }
  const setback = stored?.value.setback;
  if (setback && setback.retryAt > parts.now()) return serveOrThrow(attempt, setback);
  const held = await parts.leases.acquire(key, stored);
  return held ? await ask(attempt, held) : await follow(attempt);
}

/** Another process is asking: an acceptable token is served meanwhile, else its result is awaited. */
async function follow({ parts, key, need, token }: Attempt): Promise<Obtained> {
  const serves = token && isUsable(token, parts.now()) && need.acceptable(token);
  if (serves) return { token, source: 'table' };
  if (await parts.leases.untilFree(key)) return await obtain(parts, key, need);
  throw toBrokerError({ cause: 'service_unavailable' }, WAIT_AGAIN);
}

async function ask(attempt: Attempt, held: HeldRecord): Promise<Obtained> {
  const { parts, key, need } = attempt;
  try {
    const issued = await parts.issueToken(key);
    assertGranted(issued, key, parts.requiredRoles);
    return (await save(attempt, held, issued)) ?? (await obtain(parts, key, need));
  } catch (error) {
    if (!(error instanceof IssueError)) throw error;
    return await fail(attempt, held, error.failure);
  }
}

/** `undefined`: the lease was lost meanwhile, so another process's token stands. */
async function save(
  { parts, key, need }: Attempt,
  held: HeldRecord,
  issued: TokenResponse,
): Promise<Obtained | undefined> {
  const life = planLife(key, issued.expiresInMs, parts.now());
  const open = { ...life, accessToken: issued.accessToken };
  const sealed = await parts.seal.seal(key, open);
  const saved = await parts.leases.finish(held, (record) => ({
    ...record,
    token: { sealed, ...life },
    setback: undefined,
    requestedAt: need.demand ? parts.now() : record.requestedAt,
  }));
  if (!saved) return undefined;
  await parts.report(key, { issued: true });
  return { token: toBrokered(key, open), source: 'entra' };
}

/** A refusal of our own credential is no setback of the tenant: it must not be held back for it. */
async function fail(attempt: Attempt, held: HeldRecord, failure: Failure): Promise<Obtained> {
  const { parts, key } = attempt;
  const setback = toSetback(failure, held.value.setback, parts.now());
  const isOurs = FAILURES[failure.cause].scope === 'client';
  await parts.leases.finish(held, (record) => (isOurs ? record : { ...record, setback }));
  await parts.report(key, { failure, count: setback.count });
  return serveOrThrow(attempt, setback);
}

/** While a token is still valid, a failed refresh is not the caller's trouble. */
function serveOrThrow({ parts, token }: Attempt, setback: Setback): Obtained {
  if (token && isUsable(token, parts.now())) {
    return { token: { ...token, degraded: true }, source: 'table' };
  }
  throw toBrokerError(setback, setback.retryAt - parts.now());
}

async function noteDemand({ parts, stored }: Attempt): Promise<void> {
  const { tokens, now } = parts;
  if (!stored || now() - (stored.value.requestedAt ?? 0) < DEMAND_AGE) return;
  await tokens.replace(stored, { ...stored.value, requestedAt: now() });
}

const NO_DEMAND: Need = { enough: () => true, acceptable: () => true, demand: false };

function toSetback(failure: Failure, last: Setback | undefined, now: number): Setback {
  const count = last?.cause === failure.cause ? last.count + 1 : 1;
  return { ...failure, count, at: now, retryAt: now + toBackoff(failure, count) };
}

function toBrokered({ tenantId, resource }: TokenKey, open: OpenToken): BrokeredToken {
  return { ...open, tenantId, resource, claims: findClaims(open.accessToken), degraded: false };
}
