import type { Cookie, HttpRequest } from '@azure/functions';

/** A cookie that the broker gives to browsers. */
export interface CookieKind {
  readonly name: string;
  /** `Lax` where Entra sends the browser back by a top-level GET. */
  readonly sameSite: 'Lax' | 'Strict';
  readonly maxAgeSeconds: number;
}

/**
 * The cookie's value, `undefined` when the browser sent none. The Functions host joins several
 * headers by commas, and our values hold none. Two different values are none: a browser keeps one,
 * so one of them is made up.
 */
export function findCookie(
  { headers }: HttpRequest,
  kind: CookieKind,
  isSecure: boolean,
): string | undefined {
  const prefix = `${toName(kind, isSecure)}=`;
  const cookies = (headers.get('cookie') ?? '').split(/[;,]/).map((text) => text.trim());
  const values = cookies
    .filter((text) => text.startsWith(prefix))
    .map((text) => text.slice(prefix.length));
  const [value, ...others] = new Set(values);
  return others.length === 0 ? value : undefined;
}

/** The cookie with a value; an empty one removes it from the browser. */
export function toCookie(kind: CookieKind, value: string, isSecure: boolean): Cookie {
  return {
    name: toName(kind, isSecure),
    value,
    httpOnly: true,
    secure: isSecure,
    sameSite: kind.sameSite,
    path: '/',
    maxAge: value === '' ? 0 : kind.maxAgeSeconds,
  };
}

/**
 * `__Host-` (RFC 6265bis) keeps other hosts of the domain from planting a cookie; browsers accept
 * it on https only, so the loopback sandbox has a plain name.
 */
function toName({ name }: CookieKind, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name;
}
