import { BrokerError } from '../errors.ts';
import type { ApiAnswer, Forward, ForwardedCall } from '../proxy/api-answer.ts';
import type { ResourceName } from '../tokens/resource.ts';
import type { Fetch } from './defender-http.ts';

/** The front end gives up after 230 s; a hunting query may take three minutes. */
const ANSWER_TIMEOUT_MS = 200_000;

/** An answer that began and then stands still is not waited for as long. */
const IDLE_TIMEOUT_MS = 30_000;

/** What a caller may get at once; larger ones are cut off. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** What sending calls to the APIs takes. */
export interface ForwardOptions {
  readonly fetch: Fetch;
  /** Without a trailing slash. */
  readonly apiUrls: Readonly<Record<ResourceName, string>>;
  readonly timeoutMs?: number;
  readonly idleTimeoutMs?: number;
}

/** Creates what sends a caller's call to an API with a customer's token. */
export function createForward(options: ForwardOptions): Forward {
  return async (call, grow) => {
    const { timeoutMs = ANSWER_TIMEOUT_MS } = options;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), timeoutMs);
    try {
      const response = await send(options, call, stop.signal);
      const { status, headers } = response;
      const apiUrl = new URL(options.apiUrls[call.resource]);
      return {
        status,
        headers,
        location: findLocation(response, apiUrl),
        basePath: toBasePath(apiUrl),
        chunks: await readChunks(response, { options, stop, grow }),
      };
    } catch (error) {
      if (error instanceof BrokerError) throw error;
      throw toBrokenError(call, error);
    } finally {
      clearTimeout(timer);
    }
  };
}

function send(
  { fetch, apiUrls }: ForwardOptions,
  call: ForwardedCall,
  signal: AbortSignal,
): Promise<Response> {
  const { resource, method, target, headers, body, accessToken } = call;
  return fetch(toUrl(apiUrls[resource], target), {
    method,
    headers: { ...headers, authorization: `Bearer ${accessToken}` },
    body: body ?? null,
    redirect: 'manual',
    signal,
  });
}

/**
 * The last look: whatever came before, the token goes to the API's own address and to the path that
 * rules have seen.
 */
function toUrl(apiUrl: string, target: string): URL {
  const url = new URL(`${apiUrl}${target}`);
  const base = new URL(apiUrl);
  const [path = ''] = target.split('?', 1);
  const pathname = `${toBasePath(base)}${path}`;
  const isSame = url.origin === base.origin && url.username === '' && url.pathname === pathname;
  if (isSame) return url;
  throw new BrokerError('invalid_request', 'The path would lead elsewhere.', {
    owner: 'caller',
    remedy: 'Send the path as the API documents it.',
  });
}

function toBasePath({ pathname }: URL): string {
  return pathname.replace(/\/$/, '');
}

/** A relative one is relative to what was asked. */
function findLocation({ headers, url }: Response, apiUrl: URL): ApiAnswer['location'] {
  const location = headers.get('location');
  if (location === null) return undefined;
  const parsed = URL.parse(location, url || apiUrl);
  const basePath = toBasePath(apiUrl);
  if (parsed?.origin !== apiUrl.origin || !parsed.pathname.startsWith(basePath)) return 'elsewhere';
  return `${parsed.pathname.slice(basePath.length)}${parsed.search}`;
}

/** Leaving the loop cancels the rest of the stream. */
async function readChunks(
  { headers, body }: Response,
  {
    options: { idleTimeoutMs = IDLE_TIMEOUT_MS },
    stop,
    grow,
  }: {
    options: ForwardOptions;
    stop: AbortController;
    grow: (bytes: number) => void | Promise<void>;
  },
): Promise<readonly Uint8Array[]> {
  const declared = headers.has('content-encoding') ? 0 : Number(headers.get('content-length') ?? 0);
  if (declared > MAX_ANSWER_BYTES) {
    await body?.cancel();
    throw toTooLargeError();
  }
  await grow(declared);
  const idle = setTimeout(() => stop.abort(), idleTimeoutMs);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body ?? []) {
      idle.refresh();
      size += chunk.byteLength;
      if (size > MAX_ANSWER_BYTES) throw toTooLargeError();
      if (size > declared) await grow(Math.min(chunk.byteLength, size - declared));
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(idle);
  }
  return chunks;
}

function toTooLargeError(): BrokerError {
  return new BrokerError('response_too_large', "The API's answer is larger than 32 MB.", {
    owner: 'caller',
    remedy:
      'Ask for less at a time: $top with next links, $select, $filter. What the call changed stays changed.',
  });
}

/** Whether the API did what it was asked is not known. */
function toBrokenError({ method }: ForwardedCall, cause: unknown): BrokerError {
  return new BrokerError('temporarily_unavailable', 'The API gave no whole answer.', {
    owner: 'microsoft',
    remedy:
      method === 'GET'
        ? 'Try again.'
        : 'Look whether the change was made before you try again: the broker can not know.',
    retryAfterSeconds: 5,
    cause,
  });
}
