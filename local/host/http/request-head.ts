import type { IncomingMessage } from 'node:http';
import { decodePath, encodePath } from './request-path.ts';

/** What the front end understood of a request's first lines. */
export interface RequestHead {
  /** `undefined`: an HTTP/1.0 request without one. */
  readonly host: string | undefined;
  /** Decoded, without dot segments. */
  readonly path: string;
  /** Absolute, with the query string; built from the Host header and `http`, also behind TLS. */
  readonly url: string;
  /** Names as sent, values decoded from UTF-8. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/**
 * Reads the first lines by Kestrel's rules and limits; a number is the status that refuses the
 * request.
 */
export function readRequestHead(incoming: IncomingMessage): RequestHead | number {
  const { method = '', url: target = '', httpVersion, rawHeaders } = incoming;
  const line = `${method} ${target} HTTP/${httpVersion}\r\n`;
  if (line.length > MAX_REQUEST_LINE_BYTES) return 414;
  if (httpVersion !== '1.0' && httpVersion !== '1.1') return 505;
  const parsed = parseTarget(method, target);
  const path = parsed && decodePath(parsed.path);
  if (parsed === undefined || path === undefined) return 400;
  if (countHeaderBytes(rawHeaders) > MAX_HEADER_BYTES) return 431;
  const headers = decodeHeaders(rawHeaders);
  const hosts = headers
    ?.filter(([name]) => name.toLowerCase() === 'host')
    .map(([, value]) => value);
  if (!headers || !hosts || hosts.length > 1) return 400;
  const [host] = hosts;
  if (parsed.authority !== undefined && parsed.authority !== host) return 400;
  const url = `http://${host ?? ''}${encodePath(path)}${parsed.query}`;
  if (host !== undefined && !URL.canParse(url)) return 400;
  return { host, path, url, headers };
}

// Kestrel's defaults, which the Functions host leaves alone.
const MAX_REQUEST_LINE_BYTES = 8 * 1024;
const MAX_HEADER_BYTES = 32 * 1024;

interface Target {
  /** Of a target in absolute form; the Host header has to say the same. */
  readonly authority?: string;
  readonly path: string;
  /** With its question mark; empty without one. */
  readonly query: string;
}

function parseTarget(method: string, target: string): Target | undefined {
  if (target === '*' && method === 'OPTIONS') return { path: '', query: '' };
  const [, authority, rest = ''] = ABSOLUTE_FORM.exec(target) ?? [undefined, undefined, target];
  if (authority === undefined && !rest.startsWith('/')) return undefined;
  const start = rest.indexOf('?');
  const path = (start < 0 ? rest : rest.slice(0, start)) || '/';
  const query = start < 0 ? '' : rest.slice(start);
  return { path, query, ...(authority !== undefined && { authority }) };
}

const ABSOLUTE_FORM = /^https?:\/\/([^/?#]+)(.*)$/i;

function countHeaderBytes(rawHeaders: readonly string[]): number {
  const separators = rawHeaders.length * ': '.length;
  return rawHeaders.reduce((sum, text) => sum + text.length, separators);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Node's parser hands over bytes as Latin-1; `undefined` where they are no UTF-8, or NUL. */
function decodeHeaders(raw: readonly string[]): RequestHead['headers'] | undefined {
  const headers: [string, string][] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const value = decodeValue(raw[index + 1] ?? '');
    if (value === undefined) return undefined;
    headers.push([raw[index] ?? '', value]);
  }
  return headers;
}

function decodeValue(value: string): string | undefined {
  if (value.includes('\0')) return undefined;
  if (!NOT_ASCII.test(value)) return value;
  try {
    return UTF8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return undefined;
  }
}

const NOT_ASCII = /[^\0-\x7f]/;
