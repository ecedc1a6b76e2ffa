import type { Cause } from '../tokens/failure.ts';

/**
 * AADSTS numbers that tell whose turn it is ("Microsoft Entra authentication and authorization error codes"). They only
 * refine what status and `error` say: Microsoft may change them, so an unknown one falls back to those.
 */
export const CODES: Readonly<Partial<Record<Cause, readonly number[]>>> = {
  consent_missing: [700016, 700011, 7000229, 65001, 90099],
  app_disabled: [7000112, 70001],
  tenant_gone: [90002, 900023, 90038, 900382, 900432],
  service_missing: [650052, 650054, 500011, 500014, 50001],
  roles_missing: [65005, 650056],
  tenant_blocked: [53003, 5000224],
  credential_rejected: [7000215, 7000222, 70002, 7000218, 700027, 700024],
  client_misconfigured: [
    700025, 700021, 700023, 700213, 700211, 700212, 700229, 650057, 650059, 50194, 9001023, 90124,
    90130, 70011, 28002, 700022, 901002,
  ],
  throttled: [90055, 50196],
  service_unavailable: [90033, 90006, 90012, 90024, 90090, 50033, 50087, 50000],
  unexpected_answer: [90036, 90092],
};

/** What `error` means when no number says more (RFC 6749 section 5.2, OpenID Connect Core section 3.1.2.6). */
export const ERRORS: Readonly<Record<string, Cause>> = {
  unauthorized_client: 'consent_missing',
  consent_required: 'consent_missing',
  interaction_required: 'consent_missing',
  invalid_resource: 'service_missing',
  invalid_client: 'credential_rejected',
  temporarily_unavailable: 'service_unavailable',
  server_error: 'service_unavailable',
};

/** What every other error of Entra is: a failure of the tenant whose endpoint it came from, and of nobody else. */
export const UNKNOWN: Cause = 'unexpected_answer';

/** What an answer is that is neither a token nor an error as the protocol has them. */
export const MALFORMED: Cause = 'malformed_answer';

/** What an HTTP status means whatever the body says: the first that fits. */
export const STATUSES: readonly {
  readonly from: number;
  readonly to: number;
  readonly cause: Cause;
}[] = [
  { from: 429, to: 429, cause: 'throttled' },
  { from: 500, to: 599, cause: 'service_unavailable' },
];
