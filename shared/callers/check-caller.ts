import type { CachedDirectory } from '../cached-directory.ts';
import type { EpochWatch } from '../epoch.ts';
import { BrokerError } from '../errors.ts';
import type { Authenticate } from './authenticate.ts';
import type { Caller } from './caller.ts';
import type { Grants } from './grants.ts';
import { createIsBlocked } from './is-blocked.ts';

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
  const isBlocked = createIsBlocked(grants);

  const assertIn = ({ id }: Caller, blocked: boolean): undefined => {
    if (blocked) throw toBlockedError();
    noteCaller(id);
  };

  const check = (caller: Caller): Promise<void> | undefined => {
    const blocked = isBlocked(caller);
    return blocked instanceof Promise
      ? blocked.then((read) => assertIn(caller, read))
      : assertIn(caller, blocked);
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
