import type { CachedDirectory } from '../cached-directory.ts';
import type { EpochWatch } from '../epoch.ts';
import { BrokerError } from '../errors.ts';
import type { Authenticate } from './authenticate.ts';
import type { Caller } from './caller.ts';
import type { Grants } from './grants.ts';

/**
 * Whether a caller who is known may come in: `undefined` at once where memory knows that it may.
 * Throws or rejects with `caller_blocked`, and with `temporarily_unavailable` where that can't be
 * read.
 */
export type CheckCaller = (caller: Caller) => Promise<void> | undefined;

/**
 * Creates the check. An operator's block counts in every process as soon as it sees the epoch:
 * within five seconds.
 */
export function createCheckCaller({
  epoch,
  grants,
  noteCaller,
}: {
  epoch: Pick<EpochWatch, 'ensureCurrent'>;
  grants: Pick<CachedDirectory<Grants>, 'get'>;
  /** Learns of every caller that is let in. */
  noteCaller: (callerId: string) => void;
}): CheckCaller {
  /**
   * Also the application through which a person calls: what is blocked is blocked whoever uses it.
   */
  const check = ({ id, clientId }: Caller): Promise<void> | undefined => {
    const application = clientId === undefined ? undefined : grants.get(clientId);
    const known = grants.get(id);
    if (known instanceof Promise || application instanceof Promise) {
      return Promise.all([known, application]).then((read) => assertIn(id, read));
    }
    return assertIn(id, [known, application]);
  };

  const assertIn = (id: string, all: readonly (Grants | undefined)[]): undefined => {
    if (all.some((known) => known?.blocked)) throw toBlockedError();
    noteCaller(id);
  };

  return (caller) => {
    const current = epoch.ensureCurrent();
    return current === undefined ? check(caller) : current.then(() => check(caller));
  };
}

/** The authentication that lets no blocked caller through. */
export function withCheck(authenticate: Authenticate, checkCaller: CheckCaller): Authenticate {
  const pass = (caller: Caller): Caller | Promise<Caller> => {
    const checking = checkCaller(caller);
    return checking === undefined ? caller : checking.then(() => caller);
  };
  return (authorization) => {
    const caller = authenticate(authorization);
    return caller instanceof Promise ? caller.then(pass) : pass(caller);
  };
}

function toBlockedError(): BrokerError {
  return new BrokerError('caller_blocked', 'An operator has blocked the caller.', {
    owner: 'partner',
    remedy:
      'Have another operator send PUT /api/callers/{client_id} with blocked false, if it is to work again.',
  });
}
