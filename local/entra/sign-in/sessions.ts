import { randomUUID } from 'node:crypto';

/** Who a browser is signed in as. */
interface Session {
  readonly tenantId: string;
  readonly oid: string;
}

/** The signed-in browsers. */
export interface SessionStore {
  /** Starts a session; the answer is a `Set-Cookie` value. */
  readonly start: (session: Session) => string;
  /** Finds the session of a `Cookie` header. */
  readonly find: (cookies: string | null) => Session | undefined;
  /** The `Set-Cookie` value that ends a session. */
  readonly end: (cookies: string | null) => string;
}

const NAME = 'ESTSAUTH';
// Bounds the memory of a long-running sandbox; whoever is dropped picks an account again.
const MAX_SESSIONS = 10_000;

/** An in-memory store of sessions behind a plain session cookie. */
export function createSessionStore(): SessionStore {
  const sessions = new Map<string, Session>();
  return {
    start: (session) => {
      const id = randomUUID();
      sessions.set(id, session);
      const oldest = sessions.keys().next().value;
      if (sessions.size > MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest);
      return `${NAME}=${id}; Path=/; HttpOnly; SameSite=Lax`;
    },
    find: (cookies) => sessions.get(readId(cookies)),
    end: (cookies) => {
      sessions.delete(readId(cookies));
      return `${NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;
    },
  };
}

function readId(cookies: string | null): string {
  return cookies?.match(new RegExp(`(?:^|; *)${NAME}=([^;]*)`))?.[1] ?? '';
}
