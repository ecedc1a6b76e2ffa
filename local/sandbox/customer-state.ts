/** How a demo customer stands when the sandbox has started, the usual one first. */
export const CUSTOMER_STATES = [
  'active',
  'ready to consent',
  'invited',
  'link opened',
  'signed in',
  'slow roles',
  'role missing',
  'no Defender licence',
  'consent revoked',
  'throttled',
  'disabled',
] as const;

/** One of these. */
export type CustomerState = (typeof CUSTOMER_STATES)[number];
