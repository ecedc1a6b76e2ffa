import { describe, expect, test } from 'vitest';
import {
  disableServicePrincipal,
  grantConsent,
  revokeConsent,
} from '../../../local/entra/directory/grants.ts';
import {
  NOON,
  ORIGIN,
  requestToken,
  setUpEnvironment,
  type TestEnvironment,
  XDR,
} from './set-up.ts';

async function setUp(): Promise<TestEnvironment> {
  const environment = await setUpEnvironment();
  grantConsent(environment.entra.directory, environment.where);
  return environment;
}

describe('the token endpoint', () => {
  test('answers errors as Entra ID does', async () => {
    const environment = await setUp();
    const form = { client_secret: 'wrong' };

    const answer = await requestToken(environment, {
      form,
      headers: { 'client-request-id': 'c-1' },
    });

    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      error: 'invalid_client',
      error_description: expect.stringMatching(
        /^AADSTS7000215: Invalid client secret provided\..* Trace ID: \S+ Correlation ID: c-1 Timestamp: 2026-11-21 12:00:00Z$/,
      ),
      error_codes: [7000215],
      timestamp: '2026-11-21 12:00:00Z',
      trace_id: expect.any(String),
      correlation_id: 'c-1',
      error_uri: `${ORIGIN}/error?code=7000215`,
    });
  });

  test.each<[string, string, Parameters<typeof requestToken>[1]]>([
    ['no grant type', '400 invalid_request 900144', { form: { grant_type: undefined } }],
    ['an empty client', '400 invalid_request 90014', { form: { client_id: '' } }],
    ['another grant', '400 unsupported_grant_type 70003', { form: { grant_type: 'password' } }],
    ['no secret', '401 invalid_client 7000218', { form: { client_secret: undefined } }],
    ['an unknown client', '400 unauthorized_client 700016', { form: { client_id: 'nobody' } }],
    ['no scope', '400 invalid_request 900144', { form: { scope: undefined } }],
    ['a bare scope', '400 invalid_scope 70011', { form: { scope: `${XDR}/Incident.Read` } }],
    ['two scopes', '400 invalid_scope 28002', { form: { scope: `${XDR}/.default a/.default` } }],
    ['resource on v2', '400 invalid_request 901002', { form: { resource: XDR } }],
    [
      'no resource on v1',
      '400 invalid_request 900144',

      { version: 1, form: { resource: undefined } },
    ],
    ['an unknown API', '400 invalid_resource 500011', { form: { scope: 'api://x/.default' } }],
    [
      'an Origin header',
      '400 invalid_request 9002326',

      { headers: { origin: 'https://a.example' } },
    ],
    ['JSON', '400 invalid_request 9002313', { headers: { 'content-type': 'application/json' } }],
    ['common', '400 invalid_request 9001023', { tenant: 'common' }],
    ['organizations', '400 invalid_request 9001023', { tenant: 'organizations' }],
    ['an unknown domain', '400 invalid_request 90002', { tenant: 'nobody.example' }],
    ['what is no tenant', '400 invalid_request 900023', { tenant: 'contoso' }],
    [
      'a bad assertion',
      '400 invalid_request 9002313',

      {
        form: {
          client_secret: undefined,
          client_assertion: 'x',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        },
      },
    ],
  ])('refuses %s with %s', async (_name, refusal, changes) => {
    const environment = await setUp();

    const answer = await requestToken(environment, changes);

    const { status, body } = answer;
    expect(`${status} ${body.error} ${body.error_codes}`).toBe(refusal);
    const { errorCode } = environment.entra.requests.at(-1) ?? {};
    expect(body.error_codes).toEqual([errorCode]);
  });

  test.each<[string, string, (environment: TestEnvironment) => void]>([
    [
      'a withdrawn consent',
      '401 7000229',
      ({ entra, where }) => {
        revokeConsent(entra.directory, where);
      },
    ],
    [
      'a disabled enterprise application',
      '400 7000112',
      ({ entra, where }) => {
        disableServicePrincipal(entra.directory, where);
      },
    ],
    ['a missing licence', '400 500011', ({ customer }) => customer.provisioned.clear()],
    [
      'a tenant that is gone',
      '400 90002',
      ({ customer }) => {
        customer.exists = false;
      },
    ],
    [
      'an expired secret',
      '401 7000222',
      ({ client }) => {
        client.secrets = [{ keyId: 'old', value: 'right', expiresAt: NOON }];
      },
    ],
  ])('refuses %s with %s', async (_name, refusal, change) => {
    const environment = await setUp();
    change(environment);

    const answer = await requestToken(environment);

    expect(`${answer.status} ${answer.body.error_codes}`).toBe(refusal);
  });

  test('refuses a repeated parameter', async () => {
    const environment = await setUp();
    const response = await environment.fetch(`${ORIGIN}/contoso.com/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams('scope=a&scope=b'),
    });

    expect(await response.json()).toMatchObject({ error_codes: [9000411] });
  });

  test.each([
    ['two proofs', { client_id: undefined }],
    ['two client ids', { client_id: 'x', client_secret: undefined }],
  ])('refuses %s', async (_name, form) => {
    const environment = await setUp();
    const pair = Buffer.from(`${environment.client.clientId}:right`).toString('base64');

    const { body } = await requestToken(environment, {
      form,
      headers: { authorization: `Basic ${pair}` },
    });

    expect(body.error_codes).toEqual([9002313]);
  });

  test('refuses a single-tenant application in another tenant', async () => {
    const environment = await setUpEnvironment({ signInAudience: 'AzureADMyOrg' });

    const { body } = await requestToken(environment);

    expect(body.error_codes).toEqual([650059]);
  });
});
