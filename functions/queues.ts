/** The queue of keys that are due for a refresh. */
export const REFRESH_QUEUE = 'token-refresh';

/** The queue of tenants whose consent is being proven. */
export const VERIFICATION_QUEUE = 'consent-verification';
