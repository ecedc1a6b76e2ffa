import { BrokerError, toBusyError } from '../errors.ts';

/** The caller has no such subscription, or may not see it. */
export function toSubscriptionNotFound(): BrokerError {
  return new BrokerError('subscription_not_found', 'The caller has no such subscription.', {
    owner: 'caller',
    remedy: 'Look it up with GET /api/subscriptions.',
  });
}

/** The caller has as many as one may have. */
export function toTooManySubscriptions(most: number): BrokerError {
  const description = `The caller has ${most} subscriptions already.`;
  const remedy = 'Delete one, or widen the filter of another.';
  return new BrokerError('invalid_request', description, { owner: 'caller', remedy });
}

/** What is sealed under a key that is gone can't be changed. */
export function toLostKey(): BrokerError {
  return new BrokerError('invalid_request', 'The key that sealed the subscription is gone.', {
    owner: 'partner',
    remedy: 'Delete the subscription and make it again.',
  });
}

/** Others changed the subscription meanwhile. */
export function toSubscriptionBusy(): BrokerError {
  return toBusyError('The subscription was changed meanwhile.');
}
