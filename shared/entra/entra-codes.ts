import type { Cause } from '../tokens/failure-table.ts';

/**
 * AADSTS numbers that tell whose turn it is ("Microsoft Entra authentication and authorization
 * error codes"). They only refine what status and `error` say: Microsoft may change them, so an
 * unknown one falls back to those.
 */
export const CODES: Readonly<Partial<Record<Cause, readonly number[]>>> = {
  consent_missing: [700016, 700011, 7000229, 65001, 90093, 90094, 90095, 90099, 900941],
  app_disabled: [7000112, 70001],
  assignment_required: [501051, 50105],
  policy_blocked: [
    53003, 53000, 53001, 53002, 53011, 530003, 530032, 530034, 530035, 500021, 500022,
  ],
  tenant_blocked: [5000224, 5000225],
  tenant_gone: [90002],
  wrong_cloud: [90038, 900382, 900432],
  service_missing: [650052, 650054, 65005, 500011, 500014, 50001],
  roles_missing: [650056],
  consent_unsettled: [650051],
  credential_rejected: [7000215, 7000222, 70002, 700027],
  client_misconfigured: [
    700025, 700213, 700211, 700212, 700229, 650057, 650059, 50194, 50011, 900971,
  ],
  request_invalid: [
    7000218, 700021, 700023, 900023, 9001023, 90124, 90130, 70011, 28002, 700022, 901002, 7000114,
    1002016,
  ],
  assertion_untimely: [700024],
  throttled: [90055, 50196],
  service_unavailable: [90033, 90006, 90012, 90024, 90090, 50033, 50087, 50000],
  service_broken: [90036, 90092],
};

/**
 * Numbers that only a person's sign-in meets: the consent pages explain them, and a token request
 * does not know them.
 */
export const SIGN_IN_CODES: readonly number[] = [
  65004, 50034, 50020, 50058, 50076, 50079, 16000, 54005, 70008,
];

/**
 * What `error` means when no number says more (RFC 6749 section 5.2, OpenID Connect Core section
 * 3.1.2.6).
 */
export const ERRORS: Readonly<Record<string, Cause>> = {
  unauthorized_client: 'consent_missing',
  consent_required: 'consent_missing',
  invalid_resource: 'service_missing',
  invalid_client: 'credential_rejected',
  temporarily_unavailable: 'service_unavailable',
  server_error: 'service_unavailable',
};

/**
 * What every other error of Entra is: a failure of the tenant whose endpoint it came from, and of
 * nobody else.
 */
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
