import type { IncomingMessage } from 'node:http';
import type { HttpRequestData, Nullable } from '../worker/contract.ts';

type Values = Record<string, Nullable<string>>;

/** What the front end learned of a request before it reaches the library. */
export interface RoutedRequest {
  readonly incoming: IncomingMessage;
  /** Absolute, with the query string. */
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/** Translates a request as the host does: lower-case header names, repeated values comma-joined. */
export function toHttpRequestData(request: RoutedRequest): HttpRequestData {
  const { incoming, url, params, body } = request;
  return {
    url,
    method: incoming.method ?? 'GET',
    nullableHeaders: toHeaders(incoming.rawHeaders),
    nullableQuery: toQuery(url),
    nullableParams: toValues(params),
    ...(body && { body: { bytes: body } }),
  };
}

/**
 * Reads the body, `undefined` without a positive Content-Length: the host reads nothing else, so
 * a chunked body arrives empty.
 */
export async function readBody(incoming: IncomingMessage, limit: number) {
  const length = Number(incoming.headers['content-length'] ?? 0);
  if (length > limit) return 'too large';
  if (length <= 0) {
    incoming.resume();
    return undefined;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks, length);
}

function toHeaders(raw: readonly string[]): Values {
  const headers = emptyValues();
  for (let index = 0; index < raw.length; index += 2) {
    append(headers, (raw[index] ?? '').toLowerCase(), raw[index + 1] ?? '');
  }
  return headers;
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
