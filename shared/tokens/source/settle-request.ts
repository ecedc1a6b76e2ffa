import { type BrokerError, toBusyError } from '../../errors.ts';
import { type Obtained, toBrokered } from '../brokered-token.ts';
import { type Failure, IssueError, toBrokerError } from '../failure.ts';
import { FAILURES } from '../failure-table.ts';
import type { IssuedToken } from '../token-issuer.ts';
import { isUsable, planLife, toBackoff } from '../token-life.ts';
import type { TokenRetryState } from '../token-record.ts';
import type { HeldRecord } from './lease.ts';
import type { KeyRequest, RequestState } from './token-request.ts';

/**
 * Stores what Entra issued and gives the lease back; `undefined`: the lease was lost meanwhile, so
 * another process's token stands.
 */
export async function saveIssued(
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
    requestedAt: need.isRequestedByCaller ? parts.now() : record.requestedAt,
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
 * Stores when Entra may be asked again, and serves the token of before while it works. A refusal of
 * our own credential is no failure of the tenant's: the tenant is not delayed for it.
 */
export async function recordFailure(
  state: RequestState,
  held: HeldRecord,
  failure: Failure,
): Promise<Obtained> {
  const { parts, key } = state;
  const retryState = toRetryState(failure, held.value.retryState, parts.now());
  const isOurs = FAILURES[failure.cause].scope === 'client';
  await parts.leases.finish(held, (record) => (isOurs ? record : { ...record, retryState }));
  await parts.report(key, { failure, count: retryState.count });
  return serveOrThrow(state, retryState);
}

/** While a token is still valid, a failed refresh is not the caller's trouble. */
export function serveOrThrow(state: RequestState, retryState: TokenRetryState): Obtained {
  const { parts, token } = state;
  if (token && isUsable(token, parts.now())) return serve(state);
  throw toBrokerError(retryState, retryState.retryAt - parts.now());
}

/** The token of before, marked as degraded. */
export function serve({ token }: RequestState): Obtained {
  if (!token) throw toRefreshedElsewhereError();
  return { token: { ...token, degraded: true }, source: 'table' };
}

/** Another process has the lease, and nothing may be served meanwhile. */
export function toRefreshedElsewhereError(): BrokerError {
  return toBusyError('The token is being refreshed elsewhere.', {
    owner: 'partner',
    retryAfterSeconds: 2,
  });
}

function toRetryState(
  failure: Failure,
  last: TokenRetryState | undefined,
  now: number,
): TokenRetryState {
  const count = last?.cause === failure.cause ? last.count + 1 : 1;
  return { ...failure, count, at: now, retryAt: now + toBackoff(failure, count) };
}
