import { BrokerError } from '../errors.ts';
import { MINUTE } from '../time.ts';
import type { BrokeredToken, Need } from './brokered-token.ts';
import type { OpenToken } from './sealed-token.ts';
import { isRefreshDue, isUsable, urgentAt } from './token-life.ts';

/** A token this young can't be bettered for `min_ttl` by asking Entra once more. */
const JUST_ISSUED_MS = 5 * MINUTE;

/** The timer replaces a token when its refresh time has come. */
export function toTimersNeed(now: () => number): Need {
  return {
    isFreshEnough: (token) => !isRefreshDue(token, now()),
    isServableMeanwhile: () => true,
    isRequestedByCaller: false,
  };
}

/** A caller takes a token with enough life, and any that Entra has just issued. */
export function toCallersNeed(minTtlMs: number, now: () => number): Need {
  const justIssued = ({ issuedAt }: OpenToken) => now() - issuedAt < JUST_ISSUED_MS;
  return {
    isFreshEnough: (token) =>
      isUsable(token, now()) &&
      (justIssued(token) || (hasLife(token, minTtlMs, now()) && now() < urgentAt(token))),
    isServableMeanwhile: (token) => hasLife(token, minTtlMs, now()),
    isRequestedByCaller: true,
  };
}

/** Any token but the one that an API refused. */
export function toOtherNeed({ accessToken }: BrokeredToken): Need {
  const isOther = (token: OpenToken) => token.accessToken !== accessToken;
  return { isFreshEnough: isOther, isServableMeanwhile: isOther, isRequestedByCaller: true };
}

/** Whether a token works so much longer. */
export function hasLife(token: OpenToken, minTtlMs: number, now: number): boolean {
  return isUsable(token, now) && token.expiresAt - now >= minTtlMs;
}

/**
 * A new token is fetched for `min_ttl` once the known one is five minutes old. So what can be asked
 * for at any time is what Entra gives, less these minutes.
 */
export function toTooLongError({ issuedAt, expiresAt }: BrokeredToken): BrokerError {
  const always = Math.floor((expiresAt - issuedAt - JUST_ISSUED_MS) / 1000);
  return new BrokerError(
    'invalid_request',
    'The parameter min_ttl asks for more than Entra gives this tenant.',
    {
      owner: 'caller',
      remedy: always > 0 ? `Ask for a min_ttl of ${always} or less.` : 'Leave min_ttl out.',
    },
  );
}
