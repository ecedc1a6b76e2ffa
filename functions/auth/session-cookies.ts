import type { CookieKind } from '../cookies.ts';

/** Carries a sign-in to Entra and back. */
export const ATTEMPT_COOKIE: CookieKind = {
  name: 'console-sign-in',
  sameSite: 'Lax',
  maxAgeSeconds: 600,
};

/** The session: sent with requests of our own pages only. */
export const SESSION_COOKIE: CookieKind = {
  name: 'console-session',
  sameSite: 'Strict',
  maxAgeSeconds: 3600,
};
