import * as v from 'valibot';
import type { Caller } from '../callers/caller.ts';
import type { Seal } from '../crypto/seal.ts';
import { HOUR } from '../time.ts';
import type { EndedSessions } from './ended-sessions.ts';

/**
 * An operator who signed in to the console: a person of the home tenant, with the app roles of the
 * API.
 */
export interface Session {
  /** Random; signing out makes it known as ended. */
  readonly id: string;
  readonly caller: Caller;
  /** The user principal name, for people to read. */
  readonly name: string;
  /**
   * Epoch milliseconds: an hour after the sign-in, or when the roles' token ends, if that is
   * sooner.
   */
  readonly expiresAt: number;
}

/** Keeps sessions in sealed cookies: the server stores those only that were signed out. */
export interface SessionCookies {
  seal(session: Session): Promise<string>;
  /**
   * `undefined`: no session of ours, or one that has ended. Rejects when it can't be read whether
   * it was signed out.
   */
  find(cookie: string | undefined): Promise<Session | undefined>;
  /** Ends the cookie's session for whoever holds a copy; rejects when that can't be stored. */
  end(cookie: string | undefined): Promise<void>;
}

/** No session outlives its sign-in by more: roles that were taken away end with it. */
export const MAX_SESSION_MS = HOUR;

/** More than a sealed session has, with room for many roles; browsers keep 4,096 bytes. */
const MAX_COOKIE_LENGTH = 4096;

const sessionSchema = v.object({
  id: v.string(),
  caller: v.object({
    id: v.pipe(v.string(), v.uuid()),
    kind: v.literal('user'),
    roles: v.array(v.string()),
    clientId: v.exactOptional(v.string()),
  }),
  name: v.string(),
  expiresAt: v.number(),
});

/** Creates the cookies' keeper. */
export function createSessionCookies(seal: Seal, ended: EndedSessions): SessionCookies {
  const open = async (cookie: string | undefined): Promise<Session | undefined> => {
    if (!cookie || cookie.length > MAX_COOKIE_LENGTH) return undefined;
    const opened = await seal.open('console session', cookie);
    if ('problem' in opened) return undefined;
    const session = v.safeParse(sessionSchema, opened.value);
    return session.success ? session.output : undefined;
  };
  return {
    seal: (session) => seal.seal('console session', session, { expiresAt: session.expiresAt }),
    async find(cookie) {
      const session = await open(cookie);
      return session && !(await ended.has(session.id)) ? session : undefined;
    },
    async end(cookie) {
      const session = await open(cookie);
      if (session) await ended.add(session);
    },
  };
}
