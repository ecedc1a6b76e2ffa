import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { addApplication } from '../../../local/entra/directory/applications.ts';
import { dropRole, grantConsent } from '../../../local/entra/directory/grants.ts';
import {
  NOON,
  ORIGIN,
  requestToken,
  setUpEnvironment,
  type TestEnvironment,
  XDR,
} from './set-up.ts';

const seconds = NOON / 1000;

async function setUp(): Promise<TestEnvironment> {
  const environment = await setUpEnvironment();
  grantConsent(environment.entra.directory, environment.where);
  return environment;
}

describe('the token endpoint, client credentials', () => {
  test('gives a v1 access token of the tenant for Defender', async () => {
    const environment = await setUp();

    const { status, body, token } = await requestToken(environment);

    expect(status).toBe(200);
    expect(body).toEqual({
      token_type: 'Bearer',
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: token,
    });
    const { tenantId, clientId } = environment.where;
    const oid = environment.customer.servicePrincipals.get(clientId)?.oid;
    expect(decodeJwt(token)).toEqual({
      aud: XDR,
      iss: `https://sts.windows.net/${tenantId}/`,
      tid: tenantId,
      ver: '1.0',
      iat: seconds - 300,
      nbf: seconds - 300,
      exp: seconds + 3599,
      appid: clientId,
      appidacr: '1',
      idtyp: 'app',
      oid,
      sub: oid,
      roles: ['Incident.Read.All'],
      aio: expect.any(String),
      rh: expect.any(String),
      uti: expect.any(String),
    });
    const { kid, x5t } = decodeProtectedHeader(token);
    expect(x5t).toBe(kid);
  });

  test('answers the v1 endpoint with numbers as strings', async () => {
    const environment = await setUp();

    const { body, token } = await requestToken(environment, { version: 1, tenant: 'Contoso.COM' });

    expect(body).toEqual({
      token_type: 'Bearer',
      expires_in: '3599',
      ext_expires_in: '3599',
      expires_on: String(seconds + 3599),
      not_before: String(seconds - 300),
      resource: XDR,
      access_token: token,
    });
  });

  test('gives a v2 access token for an API that wants one', async () => {
    const environment = await setUp();
    const api = addApplication(environment.entra.directory, {
      displayName: 'Partner API',
      appIdUri: 'api://partner',
      appRoles: [{ value: 'Tokens.Issue', displayName: 'Issue tokens' }],
      requestedAccessTokenVersion: 2,
    });
    const { tenantId } = environment.home;
    const roles = { [api.clientId]: ['Tokens.Issue'] };
    grantConsent(environment.entra.directory, {
      tenantId,
      clientId: environment.client.clientId,
      roles,
    });

    const form = { scope: 'api://partner/.default' };
    const { token } = await requestToken(environment, { tenant: tenantId, form });

    expect(decodeJwt(token)).toMatchObject({
      aud: api.clientId,
      iss: `${ORIGIN}/${tenantId}/v2.0`,
      ver: '2.0',
      azp: environment.client.clientId,
      azpacr: '1',
      roles: ['Tokens.Issue'],
    });
    expect(decodeProtectedHeader(token)).not.toHaveProperty('x5t');
    expect(await environment.entra.verifyAccessToken(token)).toEqual(decodeJwt(token));
  });

  test('takes the secret in a Basic header, form-encoded', async () => {
    const environment = await setUp();
    environment.client.secrets = [{ keyId: 'a', value: 'a:b+c%/', expiresAt: NOON + 1 }];
    const pair = `${environment.client.clientId}:${encodeURIComponent('a:b+c%/')}`;

    const { status } = await requestToken(environment, {
      form: { client_id: undefined, client_secret: undefined },
      headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
    });

    expect(status).toBe(200);
  });

  test('gives a token without roles when nothing is granted for the resource', async () => {
    const environment = await setUp();
    dropRole(environment.entra.directory, { ...environment.where, role: 'Incident.Read.All' });

    const { status, token } = await requestToken(environment);

    expect(status).toBe(200);
    expect(decodeJwt(token)).not.toHaveProperty('roles');
  });

  test('follows the TokenLifetimePolicy of the tenant', async () => {
    const environment = await setUp();
    environment.customer.accessTokenLifetimeSeconds = 'random';

    const { body, token } = await requestToken(environment);

    expect(body.expires_in).toSatisfy((life: number) => life >= 3600 && life <= 5400);
    expect(decodeJwt(token).exp).toBe(seconds + Number(body.expires_in));
  });

  test('records what was asked, without secrets', async () => {
    const environment = await setUp();

    await requestToken(environment);

    const { tenantId, clientId } = environment.where;
    expect(environment.entra.requests).toEqual([
      {
        time: NOON,
        method: 'POST',
        path: `/${tenantId}/oauth2/v2.0/token`,
        tenant: tenantId,
        grantType: 'client_credentials',
        clientId,
        scope: `${XDR}/.default`,
        status: 200,
      },
    ]);
    environment.entra.resetRequests();
    expect(environment.entra.requests).toEqual([]);
  });
});
