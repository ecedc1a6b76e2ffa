import {
  BrokerError,
  type ErrorCode,
  type ErrorDetails,
  toErrorBody,
  toStatus,
} from '../../shared/errors.ts';
import { RESOURCE_NAMES } from '../../shared/resources/resources.ts';

const CORRELATION_ID = '3f1c7a52-8f0e-4c55-9d0b-6a2f5d1e7c10';
const CONSENT_URL = 'https://broker.example/api/consent/start?invitation=9m2Q…';

/** An example of every error code; the description is what the API says in that case. */
const EXAMPLES: Readonly<Record<ErrorCode, readonly [description: string, details: ErrorDetails]>> =
  {
    invalid_request: [
      'The parameter min_ttl is not acceptable.',
      { owner: 'caller', remedy: 'Send whole seconds, from 0 to 86400.' },
    ],
    invalid_target: [
      'The parameter resource names no API of this broker.',
      { owner: 'caller', remedy: `Use one of ${RESOURCE_NAMES.join(', ')}.` },
    ],
    unsupported_grant_type: [
      'The parameter grant_type is not supported.',
      { owner: 'caller', remedy: 'Use client_credentials.' },
    ],
    invalid_client: [
      'The client is unknown, or its secret is not accepted.',
      { owner: 'caller', remedy: "Check the client's id and secret." },
    ],
    invalid_token: [
      'The access token is missing, expired or not for this API.',
      { owner: 'caller', remedy: "Ask the home tenant for a token of the broker's API." },
    ],
    insufficient_scope: [
      'The caller does not hold the app role Tenants.Read.',
      {
        owner: 'partner',
        remedy: "Assign Tenants.Read of the broker's API to the caller in the home tenant.",
      },
    ],
    access_denied: [
      'The caller has no grant for this tenant and resource.',
      {
        owner: 'partner',
        remedy: 'Check the tenant; if it is right, have an operator grant the caller access.',
      },
    ],
    caller_blocked: [
      'An operator has blocked the caller.',
      {
        owner: 'partner',
        remedy: 'Have another operator send PUT /api/callers/{client_id} with blocked false.',
      },
    ],
    tenant_not_found: [
      'The broker knows no such tenant.',
      { owner: 'caller', remedy: 'Check the tenant id or domain, or invite the customer.' },
    ],
    caller_not_found: [
      'The caller has no grants.',
      { owner: 'caller', remedy: 'Look it up with GET /api/callers.' },
    ],
    incident_not_found: [
      'The tenant has no such incident.',
      { owner: 'caller', remedy: 'Look it up with GET /api/incidents.' },
    ],
    invitation_not_found: [
      'There is no such invitation.',
      {
        owner: 'caller',
        remedy: 'Take an invitation_id of GET /api/invitations; ended ones are removed daily.',
      },
    ],
    subscription_not_found: [
      'The caller has no such subscription.',
      { owner: 'caller', remedy: 'Look it up with GET /api/subscriptions.' },
    ],
    hunt_not_found: [
      'The caller has no such hunt.',
      { owner: 'caller', remedy: 'Look it up with GET /api/hunts.' },
    ],
    query_not_found: [
      'There is no saved query of this name.',
      { owner: 'caller', remedy: 'Look it up with GET /api/queries.' },
    ],
    consent_required: [
      "The tenant's admin has not consented to the app, or has removed it.",
      {
        owner: 'customer',
        remedy: 'Send the consent link to an administrator of the tenant.',
        consentUrl: CONSENT_URL,
      },
    ],
    missing_roles: [
      'The tenant has not granted every app role that is required for this resource.',
      {
        owner: 'customer',
        remedy: 'Send the consent link to an administrator of the tenant.',
        consentUrl: CONSENT_URL,
        missingRoles: ['Incident.Read.All'],
      },
    ],
    tenant_disabled: [
      'An operator has disabled the tenant.',
      { owner: 'partner', remedy: 'Have an operator enable it.' },
    ],
    precondition_failed: [
      'The record was changed since it was read.',
      {
        owner: 'caller',
        remedy: 'Read it again, decide anew, and send its new ETag in If-Match.',
        lastChange: {
          by: '5d0b9a3e-7c1f-4e0a-9a53-0c8f7a6a2b11',
          by_name: 'Manuel',
          act: 'tenant.patch',
          detail: 'tags',
          at: '2026-11-21T10:00:00.000Z',
        },
      },
    ],
    too_many_requests: [
      'The caller has had too much work of the kind list done.',
      {
        owner: 'caller',
        remedy: 'Wait for the time in Retry-After; 1200 a minute are served.',
        retryAfterSeconds: 1,
      },
    ],
    response_too_large: [
      "The API's answer is larger than 32 MB.",
      { owner: 'caller', remedy: 'Ask for less at a time, with $top, $select and $filter.' },
    ],
    bad_gateway: [
      'The API answers with a redirect to another host.',
      { owner: 'caller', remedy: 'Use another call: the broker follows no redirect.' },
    ],
    temporarily_unavailable: [
      'Entra does not answer.',
      {
        owner: 'microsoft',
        remedy: "Try again; see Microsoft's service health if it lasts.",
        retryAfterSeconds: 5,
      },
    ],
    integrity: [
      'What storage holds of the tenant was changed by somebody else than the broker.',
      {
        owner: 'partner',
        remedy: 'See the check integrity of GET /api/health, and the runbook.',
        retryAfterSeconds: 60,
      },
    ],
    server_error: [
      'The broker met an unexpected condition.',
      { owner: 'partner', remedy: 'Search the log for the correlation id.' },
    ],
  };

const ERROR_CODES = Object.keys(EXAMPLES) as ErrorCode[];

/** The examples of the description by error code. */
export function toErrorExamples(): Record<string, object> {
  return Object.fromEntries(
    ERROR_CODES.map((code) => [
      code,
      { value: toErrorBody(new BrokerError(code, ...EXAMPLES[code]), CORRELATION_ID) },
    ]),
  );
}

/** The error responses by status, with an example of each code that has it. */
export function toErrorResponses(codes: readonly ErrorCode[]): Record<string, object> {
  const byStatus = Map.groupBy(codes, toStatus);
  return Object.fromEntries(
    [...byStatus].map(([status, here]) => [
      String(status),
      {
        description: here.join(', '),
        ...((status === 429 || status === 503) && {
          headers: { 'Retry-After': { schema: { type: 'integer' } } },
        }),
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Error' },
            examples: Object.fromEntries(here.map((code) => [code, toReference(code)])),
          },
        },
      },
    ]),
  );
}

function toReference(code: ErrorCode): object {
  return { $ref: `#/components/examples/${code}` };
}
