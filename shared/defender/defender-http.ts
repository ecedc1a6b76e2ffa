import { SourceError, type SourceProblem } from '../incidents/incident-source.ts';
import { findRetryAfter } from '../retry-after.ts';
import { findBodyPause } from './retry-after.ts';

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

/** A request to one of the APIs; a body is sent as JSON. */
export interface ApiRequest {
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

/** Asks with a tenant's token; `undefined` on 404. Rejects with a SourceError; nothing is tried again. */
export type Ask = (tenantId: string, request: ApiRequest) => Promise<ApiAnswer | undefined>;

/** Pages of a hundred incidents with all of their alerts are large and slow. */
const TIMEOUT = 30_000;

/** As JSON and as text an answer takes six times its size and more, and a process reads a dozen tenants at a time. */
const PAGE_LIMIT = 8 * 1024 * 1024;

/** One incident can't be asked for in smaller pieces. */
const BODY_LIMIT = 64 * 1024 * 1024;

/** More than any error body says. */
const ERROR_LIMIT = 64 * 1024;

/** Creates what asks; `fetch` follows no redirect, since the token would go with it. */
export function createAsk({ fetch, getToken, now = Date.now }: ApiOptions): Ask {
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
        signal: AbortSignal.timeout(TIMEOUT),
      }),
    );
    if (!response.ok) return await refuse(response, now());
    const text = await reach(() => readText(response, isPage ? PAGE_LIMIT : BODY_LIMIT));
    if (text === undefined) throw new SourceError('too_large');
    return { body: parseJson(text), isPartial: response.status === 206 };
  };
}

async function refuse(response: Response, now: number): Promise<undefined> {
  const { status, headers } = response;
  const body = findJson(await readText(response, ERROR_LIMIT).catch(() => undefined));
  if (status === 404) return undefined;
  const header = findRetryAfter(headers, now);
  const retryAfterMs = header ?? (status === 429 ? findBodyPause(body, now) : undefined);
  throw new SourceError(toProblem(status), { retryAfterMs });
}

function toProblem(status: number): SourceProblem {
  if (status === 429) return 'throttled';
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
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

/** Reads up to a limit of bytes, which counts while they arrive; `undefined`: there are more. */
async function readText(response: Response, limit: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let size = 0;
  // Leaving the loop cancels the rest of the stream.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  return parts.join('') + decoder.decode();
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
