import * as v from 'valibot';
import { createDensityCheck, readBounded } from '../bounded-body.ts';
import { SourceError, type SourceProblem } from '../incidents/incident-source.ts';
import { findRetryAfter } from '../retry/retry-after.ts';
import { readClaims } from '../tokens/claims/access-token.ts';
import { findMissingRoles } from '../tokens/token-issuer.ts';

/** The platform's fetch, injected. */
export type Fetch = typeof fetch;

/** What speaking to one of the APIs takes; the token is that of the API's own resource. */
export interface ApiOptions {
  readonly fetch: Fetch;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  /** What it rejects with is passed on as it is. */
  readonly getToken: (tenantId: string) => Promise<string>;
  readonly now?: () => number;
}

/** The app roles that reading and changing take. */
export interface ApiRoles {
  readonly read: string;
  readonly write: string;
}

/** A request to one of the APIs; a body is sent as JSON. */
interface ApiRequest {
  readonly method: 'GET' | 'PATCH' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  /** The answer holds many incidents. */
  readonly isPage?: boolean;
}

/** A success with its JSON. */
export interface ApiAnswer {
  readonly body: unknown;
  /** 206: something is missing. */
  readonly isPartial: boolean;
}

/**
 * Asks with a tenant's token; `undefined` on 404. Rejects with a SourceError; nothing is tried
 * again.
 */
type Ask = (tenantId: string, request: ApiRequest) => Promise<ApiAnswer | undefined>;

/** Pages of a hundred incidents with all of their alerts are large and slow. */
const TIMEOUT_MS = 30_000;

/**
 * As JSON and as text an answer takes six times its size and more, and a process reads a dozen
 * tenants at a time.
 */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** One incident can't be asked for in smaller pieces. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** More than any error body says. */
const MAX_ERROR_BYTES = 64 * 1024;

/** Creates what asks; `fetch` follows no redirect, since the token would go with it. */
export function createAsk({ fetch, getToken, now = Date.now }: ApiOptions, roles: ApiRoles): Ask {
  return async (tenantId, { method, url, headers, body, isPage }) => {
    const token = await getToken(tenantId);
    const response = await reach(() =>
      fetch(url, {
        method,
        headers: {
          ...headers,
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
    );
    if (!response.ok) {
      const need = method === 'GET' ? roles.read : roles.write;
      return await refuse(response, { hasRole: hasRole(token, need), now: now() });
    }
    const isPartial = response.status === 206;
    if (method !== 'GET') return { body: await findBody(response), isPartial };
    const text = await reach(() => readText(response, isPage ? MAX_PAGE_BYTES : MAX_BODY_BYTES));
    if (text === undefined) throw new SourceError('too_large');
    return { body: parseJson(text), isPartial };
  };
}

/** A change is made, whatever its answer says; `undefined`: nothing that can be read. */
async function findBody(response: Response): Promise<unknown> {
  return findJson(await readText(response, MAX_BODY_BYTES).catch(() => undefined));
}

const errorSchema = v.object({ error: v.object({ message: v.string() }) });

async function refuse(
  response: Response,
  { hasRole, now }: { readonly hasRole: boolean; readonly now: number },
): Promise<undefined> {
  const { status, headers } = response;
  const body = findJson(await readText(response, MAX_ERROR_BYTES).catch(() => undefined));
  if (status === 404) return undefined;
  const parsed = v.safeParse(errorSchema, status === 429 ? body : undefined);
  const message = parsed.success ? parsed.output.error.message : '';
  const retryAfterMs = findRetryAfter(headers, now, message);
  throw new SourceError(toProblem(status, hasRole), { retryAfterMs });
}

/** A token says which app roles the customer granted. */
function hasRole(token: string, role: string): boolean {
  const { claims } = readClaims(token);
  return claims !== undefined && findMissingRoles(claims.roles, [role]).length === 0;
}

/** The APIs refuse with 403 both who lacks the role and who lacks a licence. */
function toProblem(status: number, hasRole: boolean): SourceProblem {
  if (status === 429) return 'throttled';
  if (status === 401) return 'unauthorized';
  if (status === 403) return hasRole ? 'licence_missing' : 'forbidden';
  if (status === 408 || status >= 500) return 'unavailable';
  return status >= 400 ? 'refused' : 'foreign_link';
}

/** Neither network nor time-out says anything about the data. */
async function reach<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    throw new SourceError('unavailable', { cause });
  }
}

/** `undefined`: there is more than that, or it is made of nothing but tiny values. */
async function readText(response: Response, limitBytes: number): Promise<string | undefined> {
  const bytes = await readBounded(response.body, limitBytes, createDensityCheck());
  return bytes && new TextDecoder().decode(bytes);
}

/** Without its cause: the parser quotes what it read, which may be personal. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SourceError('malformed');
  }
}

function findJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
