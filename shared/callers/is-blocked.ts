import type { CachedDirectory } from '../cached-directory.ts';
import type { Grants } from './grants.ts';

/**
 * Whether an operator has blocked the caller, or the application through which a person calls: what
 * is blocked is blocked whoever uses it. Synchronous from memory; rejects when it can't be read.
 */
export type IsBlocked = (caller: {
  readonly id: string;
  readonly clientId?: string | undefined;
}) => boolean | Promise<boolean>;

/** Creates the look at what this process knows of the callers. */
export function createIsBlocked(grants: Pick<CachedDirectory<Grants>, 'get'>): IsBlocked {
  return ({ id, clientId }) => {
    const application = clientId === undefined ? undefined : grants.get(clientId);
    const known = grants.get(id);
    return known instanceof Promise || application instanceof Promise
      ? Promise.all([known, application]).then((both) => both.some(hasBlock))
      : hasBlock(known) || hasBlock(application);
  };
}

function hasBlock(grants: Grants | undefined): boolean {
  return grants?.blocked === true;
}
