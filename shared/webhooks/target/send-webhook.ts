import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { WebhookProblem } from '../webhook-problem.ts';
import { findAddress } from './address.ts';
import { AddressRefused, type Resolve } from './resolve.ts';
import { isLoopbackUrl } from './target-url.ts';

/** What became of a notification. */
export type SendOutcome =
  | { readonly delivered: true; readonly status: number }
  | {
      readonly delivered: false;
      readonly problem: WebhookProblem;
      readonly status: number | undefined;
    };

/** Posts a notification; never rejects, and follows no redirect. */
export type SendWebhook = (message: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<SendOutcome>;

/** From the lookup to the end of the answer, in milliseconds. */
const TIMEOUT = 10_000;

/** Nobody reads it; a receiver that is cut off in its answer would take that for an error. */
const MAX_ANSWER_BYTES = 16 * 1024;

/**
 * Creates the sender. Connections go to the very addresses that were checked: a name that changes
 * meanwhile gains nothing.
 */
export function createSendWebhook({
  resolve,
  allowLoopback,
  timeoutMs = TIMEOUT,
}: {
  resolve: Resolve;
  allowLoopback: boolean;
  timeoutMs?: number;
}): SendWebhook {
  return async ({ url: text, headers, body }) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const url = new URL(text);
      const isLocal = allowLoopback && isLoopbackUrl(url);
      // A host that is an address is never looked up on the way to a connection.
      if (!isLocal && findAddress(url.hostname)) await resolve(url.hostname);
      const lookup = isLocal ? undefined : toLookup(resolve);
      return toOutcome(await post(url, { headers, body, signal, lookup }));
    } catch (error) {
      return { delivered: false, problem: toProblem(error, signal), status: undefined };
    }
  };
}

interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  readonly lookup: LookupFunction | undefined;
}

async function post(url: URL, { headers, body, signal, lookup }: Post): Promise<number> {
  // Loaded when something is sent: a cold start serves tokens first.
  const { request } = await (url.protocol === 'https:'
    ? import('node:https')
    : import('node:http'));
  return await new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      // A connection of its own each time: none that the other side has closed meanwhile.
      agent: false,
      signal,
      headers: {
        ...headers,
        'content-length': Buffer.byteLength(body),
      },
      ...(lookup && { lookup }),
    };
    const sent = request(url, options, (answer) => {
      skim(answer).then(() => resolve(answer.statusCode ?? 0), reject);
    });
    sent.on('error', reject);
    // Without this an answer of 101 ends neither in a response nor in an error, and nothing else
    // would end it.
    sent.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer.statusCode ?? 0);
    });
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    sent.end(body);
  });
}

async function skim(answer: IncomingMessage): Promise<void> {
  let length = 0;
  for await (const chunk of answer) {
    length += Buffer.byteLength(chunk);
    if (length > MAX_ANSWER_BYTES) break;
  }
}

function toLookup(resolve: Resolve): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (all) callback(null, [...addresses]);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}

function toOutcome(status: number): SendOutcome {
  if (status >= 200 && status < 300) return { delivered: true, status };
  if (status >= 300 && status < 400) return { delivered: false, problem: 'redirected', status };
  return { delivered: false, problem: status === 410 ? 'gone' : 'bad_status', status };
}

function toProblem(error: unknown, signal: AbortSignal): WebhookProblem {
  if (error instanceof AddressRefused) return 'address_refused';
  return signal.aborted ? 'timeout' : 'unreachable';
}
