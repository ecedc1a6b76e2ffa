import { RESOURCE_NAMES } from '../../resources/resources.ts';
import { change } from '../../store.ts';
import { type Need, type Obtained, toBrokered } from '../brokered-token.ts';
import { IssueError } from '../failure.ts';
import { assertGranted, type IssuedToken } from '../token-issuer.ts';
import { isUsable } from '../token-life.ts';
import type { TokenKey } from '../token-record.ts';
import type { HeldRecord } from './lease.ts';
import { touchAndReseal } from './maintenance.ts';
import {
  recordFailure,
  saveIssued,
  serve,
  serveOrThrow,
  toRefreshedElsewhereError,
} from './settle-request.ts';
import type { KeyRequest, RequestState, TokenSourceParts } from './token-request.ts';

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

/** For what a proof keeps: nobody waits for it. */
const NO_DEMAND: Need = { enough: () => true, acceptable: () => true, demand: false };

/** Creates the source over one table and one client. */
export function createTokenSource(parts: TokenSourceParts): TokenSource {
  return {
    obtain: (key, need) => obtain({ parts, key, need, deadline: parts.now() + MAX_WAIT_MS }),
    async keep(key, issued) {
      const held = await parts.leases.acquire(key, await parts.tokens.find(key));
      if (held) await saveIssued({ parts, key, need: NO_DEMAND, deadline: 0 }, held, issued);
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

/** The process that holds the lease gives it back, whatever happens. */
async function ask(state: RequestState, held: HeldRecord): Promise<Obtained> {
  const { parts, key } = state;
  try {
    await parts.seal.ready();
    const issued = await parts.issueToken(key);
    assertGranted(issued, key, parts.requiredRoles);
    return (await saveIssued(state, held, issued)) ?? (await serveOthers(state));
  } catch (error) {
    if (error instanceof IssueError) return await recordFailure(state, held, error.failure);
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
  // The other process may still be asking: clocks differ, so it can take a lease from one that is
  // awake.
  await leases.untilFree(request.key, now() + MAX_WAIT_MS);
  const { token } = await readRow(request);
  if (token && isUsable(token, now())) return { token, source: 'table' };
  throw toRefreshedElsewhereError();
}
