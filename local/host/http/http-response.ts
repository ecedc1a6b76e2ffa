import type { ServerResponse } from 'node:http';
import type { HttpCookie, HttpResponseData } from '../worker/contract.ts';

/** Sends what a function returned; nothing returned is 204, as the output binding's page says. */
export function sendResponse(outgoing: ServerResponse, response?: HttpResponseData): void {
  const status = Number(response?.statusCode ?? (response ? 200 : 204));
  const headers: string[] = [];
  for (const [name, value] of Object.entries(response?.headers ?? {})) {
    if (!FRAMING.has(name)) headers.push(name, value);
  }
  for (const cookie of response?.cookies ?? []) headers.push('Set-Cookie', formatCookie(cookie));
  const body = response?.body?.bytes ?? Buffer.from(response?.body?.string ?? '');
  if (!BODILESS.has(status)) headers.push('Content-Length', String(body.byteLength));
  outgoing.writeHead(status, headers);
  outgoing.end(BODILESS.has(status) ? undefined : body);
}

/** Sends a status with an empty body, the host's answer to its own errors. */
export function sendStatus(outgoing: ServerResponse, status: number): void {
  outgoing.writeHead(status, BODILESS.has(status) ? [] : ['Content-Length', '0']);
  outgoing.end();
}

/** Sends JSON of the host's own, such as its status. */
export function sendJson(outgoing: ServerResponse, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = { 'Content-Type': 'application/json', 'Content-Length': bytes.byteLength };
  outgoing.writeHead(200, headers);
  outgoing.end(bytes);
}

/** Formats a cookie as ASP.NET Core does: value escaped, path `/` unless another is given. */
export function formatCookie(cookie: HttpCookie): string {
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

// The front end frames the message itself.
const FRAMING = new Set(['content-length', 'transfer-encoding']);
const BODILESS = new Set([204, 205, 304]);
const SAME_SITE = { none: undefined, lax: 'lax', strict: 'strict', explicitNone: 'none' };

// .NET's Uri.EscapeDataString also escapes what encodeURIComponent leaves.
function escapeData(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
