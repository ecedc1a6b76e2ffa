/** The queue of keys that are due for a refresh. */
export const REFRESH_QUEUE = 'token-refresh';

/** The queue of tenants whose consent is being proven. */
export const VERIFICATION_QUEUE = 'consent-verification';

/** The queue of tenants whose incidents are due. */
export const SYNC_QUEUE = 'incident-sync';

/** The queue of subscriptions that have something to be told. */
export const DELIVERY_QUEUE = 'webhook-delivery';

/** The queue of customers that hunts ask. */
export const HUNT_QUEUE = 'hunt-tenants';

/**
 * Every queue; the platform adds one of the same name and `-poison` for messages that failed five
 * times.
 */
export const QUEUES = [
  REFRESH_QUEUE,
  VERIFICATION_QUEUE,
  SYNC_QUEUE,
  DELIVERY_QUEUE,
  HUNT_QUEUE,
] as const;
