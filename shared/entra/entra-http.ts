import * as v from 'valibot';
import { readBounded } from '../bounded-body.ts';
import { findRetryAfter, findServerTime } from '../retry/retry-after.ts';

/** The platform's fetch, injected. */
export type Fetch = typeof fetch;

/**
 * An answer of Entra that arrived: its status and its JSON, or `undefined` where the body is none.
 */
export interface EntraAnswer {
  readonly status: number;
  readonly body: unknown;
  /** From `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Entra's clock when it answered, in epoch milliseconds. */
  readonly serverTime?: number | undefined;
}

/** Shorter than the lease on a token, so that a slow Entra can't cost a holder its lease. */
const TIMEOUT_MS = 10_000;

/** Larger than any token answer, metadata or key set. */
const MAX_BODY_BYTES = 256 * 1024;

/** Posts a form; rejects when no answer arrives within 10 s or its body is too large. */
export function postForm(
  fetch: Fetch,
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<EntraAnswer> {
  return send(fetch, url, { method: 'POST', body: new URLSearchParams(form) });
}

/** Gets a public document; rejects when no answer arrives within 10 s or its body is too large. */
export function getJson(fetch: Fetch, url: string): Promise<EntraAnswer> {
  return send(fetch, url, { method: 'GET' });
}

async function send(fetch: Fetch, url: string, init: RequestInit): Promise<EntraAnswer> {
  const response = await fetch(url, {
    ...init,
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const bytes = await readBounded(response.body, MAX_BODY_BYTES);
  if (!bytes) throw new Error('The answer is too large.');
  return {
    status: response.status,
    body: parseJson(new TextDecoder().decode(bytes)),
    retryAfterMs: findRetryAfter(response.headers, Date.now()),
    serverTime: findServerTime(response.headers),
  };
}

/** What an error body says; each member only if it is of its type. */
interface EntraErrorBody {
  readonly error: string | undefined;
  /** AADSTS numbers, the one that matters first. */
  readonly codes: readonly number[];
}

/**
 * The members of an error body, `undefined` when the body is no JSON object. Each is read on its
 * own.
 */
export function findEntraError(body: unknown): EntraErrorBody | undefined {
  const parsed = v.safeParse(v.record(v.string(), v.unknown()), body);
  if (!parsed.success || Array.isArray(body)) return undefined;
  const { error, error_codes } = parsed.output;
  return {
    error: typeof error === 'string' ? error : undefined,
    codes: Array.isArray(error_codes) ? error_codes.filter(Number.isSafeInteger) : [],
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
