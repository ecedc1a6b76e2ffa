import type { ServerResponse } from 'node:http';
import type { HttpCookie, HttpResponseData } from '../worker/contract.ts';

/**
 * Sends what a function returned; nothing returned is 204. Throws, before anything is sent, where
 * Kestrel would: a header with a character that is not printable ASCII, a body of another length
 * than its Content-Length.
 */
export function sendResponse(outgoing: ServerResponse, response?: HttpResponseData): void {
  const status = Number(response?.statusCode ?? (response ? 200 : 204));
  const headers = Object.entries(response?.headers ?? {});
  for (const cookie of response?.cookies ?? []) headers.push(['Set-Cookie', formatCookie(cookie)]);
  const body = response?.body?.bytes ?? Buffer.from(response?.body?.string ?? '');
  send(outgoing, { status, headers, body });
}

/** Sends a status with an empty body, the host's answer to its own errors. */
export function sendStatus(
  outgoing: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(outgoing, { status, headers: Object.entries(headers), body: Buffer.alloc(0) });
}

/** Sends text of the host's own, such as its status in JSON. */
export function sendText(
  outgoing: ServerResponse,
  text: string,
  { status = 200, type }: { readonly status?: number; readonly type: string },
): void {
  const body = Buffer.from(text);
  const length = String(body.byteLength);
  const headers: [string, string][] = [
    ['Content-Type', type],
    ['Content-Length', length],
  ];
  send(outgoing, { status, headers, body });
}

/** Formats a cookie as ASP.NET Core does: value escaped, path `/` unless another is given. */
function formatCookie(cookie: HttpCookie): string {
  const { expires, maxAge, domain, path, secure, httpOnly } = cookie;
  const sameSite = SAME_SITE[cookie.sameSite ?? 'none'];
  return [
    `${escapeData(cookie.name)}=${escapeData(cookie.value)}`,
    expires && `expires=${new Date(expires.value.seconds * 1000).toUTCString()}`,
    maxAge && `max-age=${Math.trunc(maxAge.value)}`,
    domain?.value && `domain=${domain.value}`,
    `path=${path?.value ?? '/'}`,
    secure?.value && 'secure',
    sameSite && `samesite=${sameSite}`,
    httpOnly?.value && 'httponly',
  ]
    .filter(Boolean)
    .join('; ');
}

interface Message {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

const BODILESS = new Set([204, 205, 304]);
const NOT_FOR_HEADERS = /[^\t\x20-\x7e]/;
const SAME_SITE = { none: undefined, lax: 'lax', strict: 'strict', explicitNone: 'none' };

function send(outgoing: ServerResponse, { status, headers, body }: Message): void {
  const names = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const hasBody = !BODILESS.has(status);
  const own: [string, string][] = [];
  if (!names.has('server')) own.push(['Server', 'Kestrel']);
  // With a body Node frames in chunks, as Kestrel does.
  const isFramed = names.has('content-length') || names.has('transfer-encoding');
  const isHead = outgoing.req.method === 'HEAD';
  if (hasBody && !isHead && !isFramed && body.byteLength === 0) own.push(['Content-Length', '0']);
  assertSendable(headers, isHead ? undefined : body);
  // Kestrel names the connection only when it closes it.
  if (outgoing.shouldKeepAlive) outgoing.removeHeader('connection');
  outgoing.writeHead(status, [...headers, ...own].flat());
  // Whoever sets Transfer-Encoding frames the body, says Kestrel: here nobody does, and the answer
  // is broken.
  if (names.has('transfer-encoding')) outgoing.chunkedEncoding = false;
  outgoing.end(hasBody ? body : undefined);
}

function assertSendable(headers: Message['headers'], body: Uint8Array | undefined): void {
  for (const [name, value] of headers) {
    if (NOT_FOR_HEADERS.test(name) || NOT_FOR_HEADERS.test(value)) {
      throw new Error(`Invalid non-ASCII or control character in header '${name}'.`);
    }
    const isLength = name.toLowerCase() === 'content-length';
    if (isLength && body && Number(value) !== body.byteLength) {
      throw new Error('The response has another Content-Length than its body.');
    }
  }
}

// .NET's Uri.EscapeDataString also escapes what encodeURIComponent leaves.
function escapeData(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
