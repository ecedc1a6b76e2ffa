/** The queue of keys that are due for a refresh. */
export const REFRESH_QUEUE = 'token-refresh';

/** The queue of tenants whose consent is being proven. */
export const VERIFICATION_QUEUE = 'consent-verification';

/** Every queue; the platform adds one of the same name and `-poison` for messages that failed five times. */
export const QUEUES = [REFRESH_QUEUE, VERIFICATION_QUEUE] as const;
