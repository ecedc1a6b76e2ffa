import type { RequiredRoles } from '../config.ts';
import { type BrokerError, toBusyError } from '../errors.ts';
import { RESOURCE_NAMES } from '../resources/resources.ts';
import { change, type Stored } from '../store.ts';
import { type AccessTokenClaims, toTokenHash } from './access-token.ts';
import { type Failure, IssueError, toBrokerError } from './failure.ts';
import { FAILURES } from './failure-table.ts';
import type { HeldRecord, Leases } from './lease.ts';
import { touchAndReseal } from './maintenance.ts';
import type { MatchToken } from './match-token.ts';
import type { OpenToken, TokenSeal } from './sealed-token.ts';
import { assertGranted, type IssuedToken, type IssueToken } from './token-issuer.ts';
import { isUsable, planLife, toBackoff } from './token-life.ts';
import type { TokenKey, TokenRecord, TokenRetryState, TokenStore } from './token-record.ts';

/** A token ready to be handed out. */
export interface BrokeredToken extends OpenToken, TokenKey {
  /** What answers and the ledger say of it; all else was compared, and is in the token. */
  readonly claims: Pick<AccessTokenClaims, 'roles' | 'uti'>;
  /** What the ledger knows it by, computed once. */
  readonly tokenHash: string;
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
export type ReportTokenOutcome = (key: TokenKey, outcome: TokenOutcome) => Promise<void>;

/** A token was issued with these roles, or a failure happened `count` times in a row. */
export type TokenOutcome =
  | { readonly issued: true; readonly roles: readonly string[] }
  | { readonly failure: Failure; readonly count: number };

/** What a token source is made of. */
interface TokenSourceParts {
  readonly tokens: TokenStore;
  readonly leases: Leases;
  readonly seal: TokenSeal;
  readonly issueToken: IssueToken;
  /** What was stored is compared again: a row may come from a version that compared less. */
  readonly matchToken: MatchToken;
  readonly requiredRoles: RequiredRoles;
  readonly report: ReportTokenOutcome;
  readonly now: () => number;
}

/** The token from the shared table, or from Entra by whichever process holds the lease. */
export interface TokenSource {
  /** Rejects with a BrokerError. */
  obtain(key: TokenKey, need: Need): Promise<Obtained>;
  /** Stores a token that was issued for a proof, unless another process is refreshing the key. */
  keep(key: TokenKey, issued: IssuedToken): Promise<void>;
  /**
   * Lets Entra be asked again for every resource of a tenant: whatever held it back may be
   * repaired.
   */
  clearRetryStates(tenantId: string): Promise<void>;
}

/** How long a request waits for another process's refresh before it answers "try again". */
const MAX_WAIT_MS = 12_000;

/** A wanted key, until when. */
interface KeyRequest {
  readonly parts: TokenSourceParts;
  readonly key: TokenKey;
  readonly need: Need;
  /** When waiting for another process ends, in epoch milliseconds. */
  readonly deadline: number;
}

/** A request with what the table holds for it. */
interface RequestState extends KeyRequest {
  readonly stored: Stored<TokenRecord> | undefined;
  readonly token: BrokeredToken | undefined;
}

/** Creates the source over one table and one client. */
export function createTokenSource(parts: TokenSourceParts): TokenSource {
  return {
    obtain: (key, need) => obtain({ parts, key, need, deadline: parts.now() + MAX_WAIT_MS }),
    async keep(key, issued) {
      const held = await parts.leases.acquire(key, await parts.tokens.find(key));
      if (held) await save({ parts, key, need: NO_DEMAND, deadline: 0 }, held, issued);
    },
    async clearRetryStates(tenantId) {
      for (const resource of RESOURCE_NAMES) {
        await change(parts.tokens, { tenantId, resource }, (record) =>
          record?.retryState ? { ...record, retryState: undefined } : record,
        );
      }
    },
  };
}

async function obtain(request: KeyRequest): Promise<Obtained> {
  const state = await readRow(request);
  const { parts, need, stored, token } = state;
  if (token && need.enough(token)) {
    if (stored) await touchAndReseal(parts, stored, need.demand);
    return { token, source: 'table' };
  }
  const retryState = stored?.value.retryState;
  if (retryState && retryState.retryAt > parts.now()) return serveOrThrow(state, retryState);
  const held = await acquireOrServe(state);
  if (held === 'serve') return serve(state);
  return held ? await ask(state, held) : await follow(state);
}

async function readRow(request: KeyRequest): Promise<RequestState> {
  const { parts, key } = request;
  const stored = await parts.tokens.find(key);
  const sealed = stored?.value.token?.sealed;
  const open = sealed === undefined ? undefined : await parts.seal.open(key, sealed);
  const claims = open && parts.matchToken(key, open.accessToken);
  return { ...request, stored, token: open && claims && toBrokered(key, open, claims) };
}

/** A table that can be read but not written must not hide a token that works. */
async function acquireOrServe({ parts, key, stored, token }: RequestState) {
  try {
    return await parts.leases.acquire(key, stored);
  } catch (error) {
    if (token && isUsable(token, parts.now())) return 'serve';
    throw error;
  }
}

/**
 * Another process is asking: an acceptable token is served meanwhile, else its result is awaited.
 */
async function follow(state: RequestState): Promise<Obtained> {
  const { parts, key, need, token, deadline } = state;
  const serves = token && isUsable(token, parts.now()) && need.acceptable(token);
  if (serves) return { token, source: 'table' };
  if (await parts.leases.untilFree(key, deadline)) return await obtain(state);
  throw toRefreshedElsewhereError();
}

/** Whoever holds the lease gives it back, whatever happens. */
async function ask(state: RequestState, held: HeldRecord): Promise<Obtained> {
  const { parts, key } = state;
  try {
    await parts.seal.ready();
    const issued = await parts.issueToken(key);
    assertGranted(issued, key, parts.requiredRoles);
    return (await save(state, held, issued)) ?? (await serveOthers(state));
  } catch (error) {
    if (error instanceof IssueError) return await fail(state, held, error.failure);
    await parts.leases.finish(held, (record) => record);
    if (state.token && isUsable(state.token, parts.now())) return serve(state);
    throw error;
  }
}

/**
 * The lease was lost, so another process's token stands. If the row is gone, so is the tenant:
 * nothing is asked anew.
 */
async function serveOthers(request: KeyRequest): Promise<Obtained> {
  const { leases, now } = request.parts;
  // Who took it may still be asking: clocks differ, so a lease can be taken from one who is awake.
  await leases.untilFree(request.key, now() + MAX_WAIT_MS);
  const { token } = await readRow(request);
  if (token && isUsable(token, now())) return { token, source: 'table' };
  throw toRefreshedElsewhereError();
}

/** `undefined`: the lease was lost meanwhile, so another process's token stands. */
async function save(
  { parts, key, need }: KeyRequest,
  held: HeldRecord,
  issued: IssuedToken,
): Promise<Obtained | undefined> {
  const life = planLife(key, toLifetime(issued, parts.now()), parts.now());
  if (life.expiresAt <= life.issuedAt) throw new IssueError({ cause: 'token_ended' });
  const open = { ...life, accessToken: issued.accessToken };
  const sealed = await parts.seal.seal(key, open);
  const saved = await parts.leases.finish(held, (record) => ({
    ...record,
    token: { sealed, ...life },
    retryState: undefined,
    requestedAt: need.demand ? parts.now() : record.requestedAt,
  }));
  if (!saved) return undefined;
  const token = toBrokered(key, open, issued.claims);
  await parts.report(key, { issued: true, roles: token.claims.roles });
  return { token, source: 'entra' };
}

/**
 * Other processes read the end by clocks of their own, so one that is ahead must not put it after
 * the token's `exp`.
 */
function toLifetime({ claims, expiresInMs }: IssuedToken, now: number): number {
  return Math.min(expiresInMs, claims.expiresAt - now);
}

/**
 * A refusal of our own credential is no failure of the tenant's: the tenant is not delayed for it.
 */
async function fail(state: RequestState, held: HeldRecord, failure: Failure): Promise<Obtained> {
  const { parts, key } = state;
  const retryState = toRetryState(failure, held.value.retryState, parts.now());
  const isOurs = FAILURES[failure.cause].scope === 'client';
  await parts.leases.finish(held, (record) => (isOurs ? record : { ...record, retryState }));
  await parts.report(key, { failure, count: retryState.count });
  return serveOrThrow(state, retryState);
}

/** While a token is still valid, a failed refresh is not the caller's trouble. */
function serveOrThrow(state: RequestState, retryState: TokenRetryState): Obtained {
  const { parts, token } = state;
  if (token && isUsable(token, parts.now())) return serve(state);
  throw toBrokerError(retryState, retryState.retryAt - parts.now());
}

function serve({ token }: RequestState): Obtained {
  if (!token) throw toRefreshedElsewhereError();
  return { token: { ...token, degraded: true }, source: 'table' };
}

function toRefreshedElsewhereError(): BrokerError {
  return toBusyError('The token is being refreshed elsewhere.', {
    owner: 'partner',
    retryAfterSeconds: 2,
  });
}

const NO_DEMAND: Need = { enough: () => true, acceptable: () => true, demand: false };

function toRetryState(
  failure: Failure,
  last: TokenRetryState | undefined,
  now: number,
): TokenRetryState {
  const count = last?.cause === failure.cause ? last.count + 1 : 1;
  return { ...failure, count, at: now, retryAt: now + toBackoff(failure, count) };
}

function toBrokered(
  { tenantId, resource }: TokenKey,
  open: OpenToken,
  { roles, uti }: AccessTokenClaims,
): BrokeredToken {
  const tokenHash = toTokenHash(open.accessToken);
  return { ...open, claims: { roles, uti }, tokenHash, tenantId, resource, degraded: false };
}
