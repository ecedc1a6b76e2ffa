import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, type JWTPayload, SignJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { addManagedIdentity, toCertificate } from '../../../local/entra/directory/applications.ts';
import { grantConsent } from '../../../local/entra/directory/grants.ts';
import { NOON, ORIGIN, requestToken, setUpEnvironment, type TestEnvironment } from './set-up.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const x5tS256 = 'dGhlIFNIQS0yNTYgb2YgYSBjZXJ0aWZpY2F0ZQ';
const now = NOON / 1000;

let environment: TestEnvironment;
let right: JWTPayload;

beforeEach(async () => {
  const publicJwk = pair.publicKey.export({ format: 'jwk' });
  environment = await setUpEnvironment({ secrets: [], certificates: [{ x5tS256, publicJwk }] });
  const { tenantId, clientId } = environment.where;
  grantConsent(environment.entra.directory, environment.where);
  const aud = `${ORIGIN}/${tenantId}/oauth2/v2.0/token`;
  right = { iss: clientId, sub: clientId, aud, jti: 'once', nbf: now, iat: now, exp: now + 300 };
});

function withAssertion(assertion: string) {
  return requestToken(environment, {
    form: {
      client_secret: undefined,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    },
  });
}

function signAssertion(claims: JWTPayload, alg = 'PS256', thumbprint = x5tS256): Promise<string> {
  const key = thumbprint === 'stranger' ? stranger.privateKey : pair.privateKey;
  const header = { alg, typ: 'JWT', 'x5t#S256': thumbprint };
  return new SignJWT(claims).setProtectedHeader(header).sign(key);
}

describe('a client assertion', () => {
  test.each(['PS256', 'RS256'])(
    'of a registered certificate with %s gives a token',
    async (alg) => {
      const { status, token } = await withAssertion(await signAssertion(right, alg));

      expect(status).toBe(200);
      expect(decodeJwt(token).appidacr).toBe('2');
    },
  );

  test.each<[string, number, (claims: JWTPayload) => JWTPayload]>([
    [
      'for another tenant',
      700023,
      (claims) => ({ ...claims, aud: `${ORIGIN}/x/oauth2/v2.0/token` }),
    ],
    ['for two audiences', 700023, (claims) => ({ ...claims, aud: [String(claims.aud)] })],
    ['of another subject', 700021, (claims) => ({ ...claims, sub: 'x' })],
    ['that expired', 700024, (claims) => ({ ...claims, exp: now - 301 })],
    ['of the future', 700024, (claims) => ({ ...claims, nbf: now + 301 })],
    ['that never expires', 700024, ({ exp: _, ...claims }) => claims],
  ])('%s is refused with AADSTS%i', async (_name, code, change) => {
    const { status, body } = await withAssertion(await signAssertion(change(right)));

    expect([status, body.error, body.error_codes]).toEqual([401, 'invalid_client', [code]]);
  });

  test('of an unregistered certificate is refused', async () => {
    const { body } = await withAssertion(await signAssertion(right, 'PS256', 'stranger'));

    expect(body.error_codes).toEqual([700027]);
  });

  test('with a broken signature is refused', async () => {
    const [head, claims] = (await signAssertion(right)).split('.');

    const { body } = await withAssertion(`${head}.${claims}.AAAA`);

    expect(body.error_codes).toEqual([700027]);
  });
});

test('toCertificate registers a PEM by the SHA-256 of its DER', () => {
  const certificate = toCertificate(`-----BEGIN CERTIFICATE-----
MIIBejCCAR+gAwIBAgIUc3Lf+R9miorPx/8JnEZf9cAF+44wCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGYnJva2VyMCAXDTI2MTEyMTA3MDMzMloYDzIxMjYxMDI4MDcw
MzMyWjARMQ8wDQYDVQQDDAZicm9rZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQQcsJq9vVaSr3T1ILoSzBAGhqZuGrYIyeTrdC5m7l4YSEMmH5akuGNkqtrv2k9
stXspcCheUFKOJW5MaDGVk7Go1MwUTAdBgNVHQ4EFgQUZB+lIDky4fXlzxOUulOu
8RQd1h0wHwYDVR0jBBgwFoAUZB+lIDky4fXlzxOUulOu8RQd1h0wDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA8mkFSNuZB32xZOQj3UAPvLRK+Nug
13WP0+dM/Wq/m3QCIQCPT1vDm6fXwSLOYTfq0f68CNDnkFJwkx1TZZolAQiOmw==
-----END CERTIFICATE-----`);

  expect(certificate).toMatchObject({
    x5tS256: 'EpIW6nM9vMuu5UZTKGl5E3vEZxG3_9XOowEm4cWELF8',
    publicJwk: { kty: 'EC', crv: 'P-256' },
  });
});

test('a token of a person is no client assertion', async () => {
  const claims = {
    iss: 'https://sts.windows.net/x/',
    sub: 'p',
    aud: 'a',
    idtyp: 'user',
    exp: now + 9,
  };
  environment.client.federatedCredentials = [{ issuer: claims.iss, subject: 'p', audience: 'a' }];
  const key = pair.privateKey;

  const { body } = await withAssertion(
    await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(key),
  );

  expect(body.error_codes).toEqual([700229]);
});

describe('a token of a managed identity as client assertion', () => {
  const principalId = '11111111-2222-4333-8444-555555555555';

  function trust(change: { issuer?: string; subject?: string; audience?: string }): void {
    const issuer = `${ORIGIN}/${environment.home.tenantId}/v2.0`;
    const trusted = { issuer, subject: principalId, audience: 'api://AzureADTokenExchange' };
    environment.client.federatedCredentials = [{ ...trusted, ...change }];
  }

  async function exchangeToken(): Promise<string> {
    addManagedIdentity(environment.entra.directory, { name: 'broker', principalId });
    const resource = 'api://AzureADTokenExchange';
    return (await environment.entra.issueManagedIdentityToken({ resource })).accessToken;
  }

  test('gives a token when a federated credential trusts it', async () => {
    trust({});

    const { status, token } = await withAssertion(await exchangeToken());

    expect(status).toBe(200);
    expect(decodeJwt(token).appidacr).toBe('2');
  });

  test.each([
    ['issuer', 700211, { issuer: 'https://other.example' }],
    ['audience', 700212, { audience: 'api://other' }],
    ['subject', 700213, { subject: principalId.toUpperCase().replace('1', 'A') }],
  ])('is refused for another %s with AADSTS%i', async (_name, code, change) => {
    trust(change);

    const { status, body } = await withAssertion(await exchangeToken());

    expect([status, body.error_codes]).toEqual([401, [code]]);
  });

  test('is refused when it expired', async () => {
    trust({});
    const assertion = await exchangeToken();
    environment.advance(25 * 3_600_000);

    const { body } = await withAssertion(assertion);

    expect(body.error_codes).toEqual([700024]);
  });

  test('for another resource is a v1 token of the home tenant that lives 24 hours', async () => {
    addManagedIdentity(environment.entra.directory, { name: 'broker', principalId });

    const resource = 'https://vault.azure.net';
    const token = await environment.entra.issueManagedIdentityToken({ resource });

    expect(token.expiresOn).toBe(now + 24 * 3600);
    expect(await environment.entra.verifyAccessToken(token.accessToken)).toMatchObject({
      aud: resource,
      iss: `https://sts.windows.net/${environment.home.tenantId}/`,
      oid: principalId,
      sub: principalId,
      ver: '1.0',
    });
  });
});
