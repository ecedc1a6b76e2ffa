import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { BrokerError } from '../errors.ts';
import { createBodyWriter, type WholeBody } from '../proxy/whole-body.ts';
import type { ReadableHeaders } from '../retry/retry-after.ts';

/** A request as it goes over the wire. */
interface WireRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ArrayBuffer | undefined;
}

/** An answer, whole. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: ReadableHeaders;
  readonly body: WholeBody;
}

/** How long and how large an answer may be. */
interface WireLimits {
  readonly timeoutMs: number;
  /** For an answer that began and stands still. */
  readonly idleTimeoutMs: number;
  readonly maxBytes: number;
  /** Is asked before more is kept; throws to end it. */
  readonly grow: (bytes: number) => void;
}

/** Sends a request, follows no redirect, and reads the answer to its end. */
export type SendWhole = (request: WireRequest, limits: WireLimits) => Promise<WireAnswer>;

/**
 * Shorter than any server waits for the next request: a connection that it closes at that moment
 * would take a request along.
 */
const AGENT = { keepAlive: true, timeout: 10_000, maxFreeSockets: 32 };

/**
 * Creates the sender over connections of its own that are kept open. Platform `fetch` would hand
 * the same bytes over as streams, with two copies more: for 1 MB that is most of the time.
 */
export function createSendWhole(): SendWhole {
  const agents = { http: new HttpAgent(AGENT), https: new HttpsAgent(AGENT) };
  return async (request, limits) => {
    const sent = open(request, agents);
    try {
      return await exchange(sent, request, limits);
    } catch (error) {
      if (request.method !== 'GET' || !isStale(sent, error)) throw error;
      return await exchange(open(request, agents), request, limits);
    }
  };
}

interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

function open({ url, method, headers, body }: WireRequest, { http, https }: Agents): ClientRequest {
  const length = body === undefined ? {} : { 'content-length': String(body.byteLength) };
  const all = { ...headers, ...length, 'accept-encoding': 'gzip' };
  const options = { method, headers: all };
  return url.protocol === 'https:'
    ? requestHttps(url, { ...options, agent: https })
    : requestHttp(url, { ...options, agent: http });
}

/** The server closed a kept connection before it saw the request. */
function isStale({ reusedSocket }: ClientRequest, error: unknown): boolean {
  return reusedSocket && error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

async function exchange(
  sent: ClientRequest,
  { body }: WireRequest,
  limits: WireLimits,
): Promise<WireAnswer> {
  const timer = setTimeout(() => sent.destroy(new Error('No answer in time.')), limits.timeoutMs);
  try {
    return await new Promise((resolve, reject) => {
      sent.on('error', reject);
      // The listeners are there before the first byte of the body is.
      sent.once('response', (incoming) => readAnswer(incoming, limits).then(resolve, reject));
      sent.once('close', () => {
        if (sent.listenerCount('response') > 0) reject(new Error('No answer.'));
      });
      sent.end(body && new Uint8Array(body));
    });
  } catch (error) {
    sent.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function readAnswer(incoming: IncomingMessage, limits: WireLimits): Promise<WireAnswer> {
  const { statusCode: status = 0, headers } = incoming;
  return { status, headers: toReadable(headers), body: await readBody(incoming, limits) };
}

/** Node's parser has checked them already: an object of the platform would do it again. */
function toReadable(headers: IncomingHttpHeaders): ReadableHeaders {
  return { get: (name) => headers[name]?.toString() ?? null };
}

/** Rejects when the answer breaks off, stands still or becomes too large. */
async function readBody(incoming: IncomingMessage, limits: WireLimits): Promise<WholeBody> {
  const { maxBytes, idleTimeoutMs, grow } = limits;
  const { 'content-encoding': named = '', 'content-length': length } = incoming.headers;
  const encoding = named
    .trim()
    .toLowerCase()
    .replace(/^identity$/, '');
  const declared = encoding === '' ? Number(length ?? 0) : 0;
  const body = decode(incoming, encoding);
  const idle = setTimeout(() => body.destroy(new Error('The answer stands still.')), idleTimeoutMs);
  try {
    if (declared > maxBytes) throw toTooLargeError();
    grow(declared);
    const writer = createBodyWriter(declared);
    await consume(body, (chunk) => {
      idle.refresh();
      const size = writer.size() + chunk.byteLength;
      if (size > maxBytes) throw toTooLargeError();
      if (size > declared) grow(chunk.byteLength);
      writer.write(chunk);
    });
    return writer.finish();
  } finally {
    clearTimeout(idle);
  }
}

/** Events, not iteration: that would join what is waiting, which is a copy. */
function consume(body: Readable, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    body.on('data', (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        reject(error);
        body.destroy();
      }
    });
    body.once('end', resolve);
    body.on('error', reject);
    // An error notes its stack, which is not for answers that came whole.
    body.once('close', () => {
      if (!body.readableEnded) reject(new Error('The answer broke off.'));
    });
  });
}

const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Errors of the connection reach the decoded body, and leaving that closes the connection. */
function decode(incoming: IncomingMessage, encoding: string): Readable {
  if (encoding === '') return incoming;
  const createDecoder = DECODERS[encoding];
  if (createDecoder) return pipeline(incoming, createDecoder(), () => undefined);
  incoming.destroy();
  throw new Error('The answer has an unknown encoding.');
}

function toTooLargeError(): BrokerError {
  return new BrokerError('response_too_large', "The API's answer is larger than 32 MB.", {
    owner: 'caller',
    remedy:
      'Ask for less at a time: $top with next links, $select, $filter. What the call changed stays changed.',
  });
}
