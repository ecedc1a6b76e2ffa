import type { Answer } from './answers.ts';
import { DemoError } from './demo-error.ts';

/** `fetch` for loopback addresses whose failures are sentences. */
export type LoopbackFetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Far longer than any answer of a sandbox takes, even a slow one. */
const TIMEOUT = 30_000;

/** Creates the fetch; the signal ends what is under way. */
export function createLoopbackFetch(signal: AbortSignal): LoopbackFetch {
  return async (url, init) => {
    const { origin, hostname } = new URL(url);
    if (hostname !== '127.0.0.1' && hostname !== 'localhost') {
      throw new DemoError(`The demo stays on this machine, but was sent to ${origin}.`);
    }
    try {
      const either = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]);
      return await fetch(url, { ...init, signal: either });
    } catch (cause) {
      if (signal.aborted) throw cause;
      throw new DemoError(`${origin} ${describe(cause)}`, { cause });
    }
  };
}

/** Sends a request and reads its answer as JSON, or as text where it is none. */
export async function send(
  fetch: LoopbackFetch,
  target: string,
  { token, body }: { token?: string; body?: unknown } = {},
): Promise<Answer> {
  const [method = 'GET', url = ''] = target.split(' ');
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const request = `${method} ${new URL(url).pathname}`;
  return { request, status: response.status, body: toBody(await response.text()) };
}

function toBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function describe(cause: unknown): string {
  const code = findCode(cause);
  if (code === undefined) return `does not answer within ${TIMEOUT / 1000} s.`;
  return code === 'ECONNREFUSED'
    ? 'does not answer: no sandbox runs there, or it was stopped.'
    : `broke the connection off (${code}): the sandbox was stopped, or failed.`;
}

/** The system's word for what happened, such as ECONNREFUSED. */
function findCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return findCode(error.cause);
}
