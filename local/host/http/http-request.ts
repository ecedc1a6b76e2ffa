import type { IncomingMessage } from 'node:http';
import type { HttpRequestData, Nullable } from '../worker/contract.ts';
import type { RequestHead } from './request-head.ts';

type Values = Record<string, Nullable<string>>;

/** A request that has a function to go to. */
interface RoutedRequest {
  readonly method: string;
  readonly head: RequestHead;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/**
 * Translates a request as the host does: lower-case header names, repeated values joined by a
 * comma. Where the body is chunked, a Content-Length does not count and arrives under another name.
 */
export function toHttpRequestData({ method, head, params, body }: RoutedRequest): HttpRequestData {
  const headers = toHeaders(head.headers);
  const length = headers['content-length'];
  if (length && headers['transfer-encoding']) {
    headers['x-content-length'] = length;
    delete headers['content-length'];
  }
  return {
    url: head.url,
    method,
    nullableHeaders: headers,
    nullableQuery: toQuery(head.url),
    nullableParams: toValues(params),
    ...(body && { body: { bytes: body } }),
  };
}

/**
 * Reads the body, `undefined` without a positive Content-Length: the host reads nothing else, so
 * a chunked body arrives empty.
 */
export async function readBody(incoming: IncomingMessage, limitBytes: number) {
  const isChunked = incoming.headers['transfer-encoding'] !== undefined;
  const length = isChunked ? 0 : Number(incoming.headers['content-length'] ?? 0);
  if (length > limitBytes) return 'too large';
  if (length <= 0) {
    incoming.resume();
    return undefined;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks, length);
}

function toHeaders(headers: RequestHead['headers']): Values {
  const values = emptyValues();
  for (const [name, value] of headers) append(values, name.toLowerCase(), value);
  return values;
}

function toQuery(url: string): Values {
  const query = emptyValues();
  const start = url.indexOf('?');
  if (start < 0) return query;
  const spelling = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(url.slice(start + 1))) {
    // ASP.NET Core's query is case-insensitive and keeps the first spelling of a name.
    const key = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(name.toLowerCase(), key);
    append(query, key, value);
  }
  return query;
}

function toValues(params: Readonly<Record<string, string>>): Values {
  const values = emptyValues();
  for (const name in params) values[name] = { value: params[name] ?? '' };
  return values;
}

// Without a prototype, a header named __proto__ is a header.
function emptyValues(): Values {
  return Object.create(null);
}

function append(values: Values, name: string, value: string): void {
  const before = values[name];
  values[name] = { value: before ? `${before.value},${value}` : value };
}
