import type { HttpRequest } from '@azure/functions';
import type { Session } from '../../shared/sessions/session.ts';
import { findCookie } from '../cookies.ts';
import type { Services } from '../services.ts';
import { SESSION_COOKIE } from './session-cookies.ts';

/**
 * The header that scripts of other origins can't send without asking first (Fetch, CORS-preflight).
 */
const CONSOLE_HEADER = 'x-requested-with';

/**
 * The session of a request that our own page made. A cookie alone proves nothing, since browsers
 * add it to requests of other pages: the request has to carry the console's header, and where the
 * browser says from which origin it comes, that has to be ours. Rejects with `caller_blocked`.
 */
export async function findSession(
  http: HttpRequest,
  services: Pick<Services, 'sessions' | 'checkCaller' | 'isSecure' | 'publicOrigin'>,
): Promise<Session | undefined> {
  if (!isFromConsole(http, services.publicOrigin)) return undefined;
  const cookie = findCookie(http, SESSION_COOKIE, services.isSecure);
  const session = await services.sessions.find(cookie);
  if (session) await services.checkCaller(session.caller);
  return session;
}

/**
 * Whether our own page made the request: browsers name the origin of every request that may change
 * something.
 */
export function isFromConsole({ method, headers }: HttpRequest, publicOrigin: string): boolean {
  if (headers.get(CONSOLE_HEADER)?.toLowerCase() !== 'console') return false;
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const origin = headers.get('origin');
  const isReading = method === 'GET' || method === 'HEAD';
  return origin === null ? isReading : origin === publicOrigin;
}
