import { expect, test } from 'vitest';
import { toEntraFailure } from '../../../shared/entra/entra-failure.ts';
import { FAILURES } from '../../../shared/tokens/failure-table.ts';

function classify(error: string, ...error_codes: number[]) {
  return toEntraFailure({ status: 400, body: { error, error_codes }, retryAfterMs: undefined })
    .cause;
}

test.each([
  ['credential_rejected', 'partner', [7000215, 7000222, 70002, 700027]],
  [
    'client_misconfigured',
    'partner',
    [700025, 700213, 700211, 700212, 700229, 650057, 650059, 50194, 50011, 900971],
  ],
  [
    'request_invalid',
    'partner',
    [7000218, 700021, 700023, 900023, 9001023, 90124, 90130, 70011, 28002, 700022, 901002, 1002016],
  ],
  ['assertion_untimely', 'partner', [700024]],
  [
    'consent_missing',
    'customer',
    [700016, 700011, 7000229, 65001, 90093, 90094, 90095, 90099, 900941],
  ],
  ['app_disabled', 'customer', [7000112, 70001]],
  ['assignment_required', 'customer', [501051, 50105]],
  [
    'policy_blocked',
    'customer',
    [53003, 53000, 53001, 53002, 53011, 530003, 530032, 530034, 530035, 500021, 500022],
  ],
  ['tenant_blocked', 'customer', [5000224, 5000225]],
  ['tenant_gone', 'customer', [90002]],
  ['wrong_cloud', 'partner', [90038, 900382, 900432]],
  ['service_missing', 'customer', [65005, 650052, 650054, 500011, 500014, 50001]],
  ['roles_missing', 'customer', [650056]],
  ['consent_unsettled', 'microsoft', [650051]],
  ['throttled', 'microsoft', [90055, 50196]],
  ['service_unavailable', 'microsoft', [90033, 90006, 90012, 90024, 90090, 50033, 50087, 50000]],
  ['service_broken', 'microsoft', [90036, 90092]],
] as const)('%s is for the %s: AADSTS %j, whatever `error` says', (cause, owner, codes) => {
  const errors = ['invalid_request', 'invalid_client', 'interaction_required', 'invalid_grant'];
  const seen = codes.flatMap((code) => errors.map((error) => classify(error, code)));
  expect(new Set(seen)).toEqual(new Set([cause]));
  expect(FAILURES[cause].owner).toBe(owner);
});

test.each([
  ['unauthorized_client', 'consent_missing'],
  ['invalid_resource', 'service_missing'],
  ['invalid_scope', 'unexpected_answer'],
  ['invalid_request', 'unexpected_answer'],
  ['interaction_required', 'unexpected_answer'],
  ['temporarily_unavailable', 'service_unavailable'],
  ['invalid_client', 'credential_rejected'],
  ['something_new', 'unexpected_answer'],
])('%s with a number that nobody knows degrades to %s', (error, cause) => {
  expect(classify(error, 999999999)).toBe(cause);
});

test('HTTP status decides before any body', () => {
  const body = { error: 'invalid_client', error_codes: [7000215] };
  expect(toEntraFailure({ status: 503, body, retryAfterMs: undefined }).cause).toBe(
    'service_unavailable',
  );
  expect(toEntraFailure({ status: 429, body: undefined, retryAfterMs: undefined })).toEqual({
    cause: 'throttled',
    retryAfterMs: 60_000,
  });
});

test.each([
  [{ error_codes: [700016] }, { cause: 'consent_missing', entraCode: 700016 }],
  [
    { error: 7, error_codes: [700016] },
    { cause: 'consent_missing', entraCode: 700016 },
  ],
  [{ error: 'invalid_grant', error_codes: '700016' }, { cause: 'unexpected_answer' }],
  [
    { error: 'unauthorized_client', error_codes: [null, '1', 1.5, 1e300] },
    { cause: 'consent_missing' },
  ],
  [
    { error: 'invalid_grant', error_codes: [123456, 700016] },
    { cause: 'consent_missing', entraCode: 700016 },
  ],
  [{}, { cause: 'unexpected_answer' }],
])('of the error %j each member is read on its own', (body, failure) => {
  expect(toEntraFailure({ status: 400, body, retryAfterMs: undefined })).toEqual(failure);
});

test.each([[undefined], [null], ['text'], [7], [[]]])('the body %j is no answer', (body) => {
  expect(toEntraFailure({ status: 400, body, retryAfterMs: undefined })).toEqual({
    cause: 'malformed_answer',
  });
});

test('an answer that nobody knows never changes a status', () => {
  const { refused_in_tenant, unexpected_answer, malformed_answer } = FAILURES;
  expect([refused_in_tenant, unexpected_answer, malformed_answer]).not.toContainEqual(
    expect.objectContaining({ demotesTo: expect.anything() }),
  );
});
