import { expect, test } from 'vitest';
import { toFailure } from '../../../shared/entra/entra-failure.ts';
import { FAILURES } from '../../../shared/tokens/failure.ts';

function classify(error: string, ...error_codes: number[]) {
  return toFailure({ status: 400, body: { error, error_codes }, retryAfterMs: undefined }).cause;
}

test.each([
  ['invalid_client', 7000215, 'credential_rejected'],
  ['invalid_client', 7000222, 'credential_rejected'],
  ['invalid_client', 700027, 'credential_rejected'],
  ['invalid_client', 7000229, 'consent_missing'],
  ['unauthorized_client', 700016, 'consent_missing'],
  ['invalid_grant', 65001, 'consent_missing'],
  ['unauthorized_client', 7000112, 'app_disabled'],
  ['invalid_request', 90002, 'tenant_gone'],
  ['invalid_request', 900023, 'tenant_gone'],
  ['invalid_resource', 500011, 'service_missing'],
  ['invalid_client', 650052, 'service_missing'],
  ['access_denied', 53003, 'tenant_blocked'],
  ['unauthorized_client', 650059, 'client_misconfigured'],
  ['invalid_request', 9001023, 'client_misconfigured'],
  ['invalid_client', 700213, 'client_misconfigured'],
  ['invalid_scope', 70011, 'client_misconfigured'],
  ['temporarily_unavailable', 90033, 'service_unavailable'],
  ['server_error', 90036, 'unexpected_answer'],
  ['invalid_grant', 50196, 'throttled'],
])('%s with AADSTS%i is %s', (error, code, cause) => {
  expect(classify(error, code)).toBe(cause);
});

test.each([
  ['unauthorized_client', 'consent_missing'],
  ['invalid_resource', 'service_missing'],
  ['invalid_scope', 'unexpected_answer'],
  ['invalid_request', 'unexpected_answer'],
  ['temporarily_unavailable', 'service_unavailable'],
  ['invalid_client', 'credential_rejected'],
  ['something_new', 'unexpected_answer'],
])('%s with a number that nobody knows degrades to %s', (error, cause) => {
  expect(classify(error, 999999999)).toBe(cause);
});

test('HTTP status decides before any body', () => {
  const body = { error: 'invalid_client', error_codes: [7000215] };
  expect(toFailure({ status: 503, body, retryAfterMs: undefined }).cause).toBe(
    'service_unavailable',
  );
  expect(toFailure({ status: 429, body: undefined, retryAfterMs: undefined })).toEqual({
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
  expect(toFailure({ status: 400, body, retryAfterMs: undefined })).toEqual(failure);
});

test.each([[undefined], [null], ['text'], [7], [[]]])('the body %j is no answer', (body) => {
  expect(toFailure({ status: 400, body, retryAfterMs: undefined })).toEqual({
    cause: 'malformed_answer',
  });
});

test('an answer that nobody knows never changes a status', () => {
  const { refused_in_tenant, unexpected_answer, malformed_answer } = FAILURES;
  expect([refused_in_tenant, unexpected_answer, malformed_answer]).not.toContainEqual(
    expect.objectContaining({ demotesTo: expect.anything() }),
  );
});
