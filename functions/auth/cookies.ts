import type { Cookie, HttpRequest } from '@azure/functions';

/** A cookie of the console. */
export interface CookieKind {
  readonly name: string;
  readonly sameSite: 'Lax' | 'Strict';
  readonly maxAgeSeconds: number;
}

/** Carries a sign-in to Entra and back; Entra sends the browser back by a top-level GET, so Lax is needed. */
export const ATTEMPT_COOKIE: CookieKind = {
  name: 'sign-in',
  sameSite: 'Lax',
  maxAgeSeconds: 600,
};

/** The session: sent with requests of our own pages only. */
export const SESSION_COOKIE: CookieKind = {
  name: 'session',
  sameSite: 'Strict',
  maxAgeSeconds: 3600,
};

/** The cookie's value, `undefined` when the browser sent none. The host joins several headers with a comma. */
export function findCookie(
  { headers }: HttpRequest,
  { name }: CookieKind,
  isSecure: boolean,
): string | undefined {
  const prefix = `${toName(name, isSecure)}=`;
  const cookies = (headers.get('cookie') ?? '').split(/[;,]/).map((text) => text.trim());
  const found = cookies.find((text) => text.startsWith(prefix));
  return found && decode(found.slice(prefix.length));
}

/**
 * `__Host-` (RFC 6265bis) keeps other hosts of the domain from planting a cookie; browsers accept it
 * on https only, so the loopback sandbox has a plain name.
 */
export function toCookie(kind: CookieKind, value: string, isSecure: boolean): Cookie {
  return {
    name: toName(kind.name, isSecure),
    value,
    httpOnly: true,
    secure: isSecure,
    sameSite: kind.sameSite,
    path: '/',
    maxAge: value === '' ? 0 : kind.maxAgeSeconds,
  };
}

function toName(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : `console-${name}`;
}

/** The host escapes values; a damaged one is no cookie of ours. */
function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
