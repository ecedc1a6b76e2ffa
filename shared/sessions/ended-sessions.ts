import { hash } from 'node:crypto';
import { createCachedDirectory } from '../cached-directory.ts';
import { EPOCH_SEEN_MS } from '../epoch.ts';
import type { Store } from '../store.ts';

/** A session that was signed out before its end. */
export interface EndedSession {
  /** SHA-256 of the session's id in base64url: a reader of storage learns no id. */
  readonly idHash: string;
  /** From then on nobody needs to know: the session's own end. Epoch milliseconds. */
  readonly expiresAt: number;
}

/** The sessions that were signed out. */
export type EndedSessionStore = Pick<Store<string, EndedSession>, 'find' | 'insert'>;

/** Which sessions were signed out; both reject when storage does not answer. */
export interface EndedSessions {
  add(session: { readonly id: string; readonly expiresAt: number }): Promise<void>;
  /** In this process at once, in others within five seconds. */
  has(id: string): Promise<boolean>;
}

/** A session in use costs one read in this time; the read may take the last of five seconds. */
const MAX_AGE_MS = EPOCH_SEEN_MS - 1000;

/** Creates the memory of one process over what all of them store. */
export function createEndedSessions({
  rows,
  now,
}: {
  rows: EndedSessionStore;
  now: () => number;
}): EndedSessions {
  const known = createCachedDirectory({ records: rows, maxAge: MAX_AGE_MS, now });
  return {
    async add({ id, expiresAt }) {
      await rows.insert({ idHash: toHash(id), expiresAt });
      known.forget();
    },
    has: async (id) => (await known.get(toHash(id))) !== undefined,
  };
}

function toHash(id: string): string {
  return hash('sha256', id, 'base64url');
}
