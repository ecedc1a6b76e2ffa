import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { createVerifyIdToken } from '../../../shared/entra/id-token.ts';
import { createClock } from '../../support/clock.ts';
import { CLIENT, OTHER_TENANT, TENANT } from '../../support/tokens.ts';

const AUTHORITY = 'https://login.example';
const { privateKey, publicKey } = await generateKeyPair('RS256');
const jwk = { ...(await exportJWK(publicKey)), kid: 'one' };

/** Entra's metadata and keys, nothing else. */
function setUp() {
  const clock = createClock();
  const fetch = (input: RequestInfo | URL) => {
    const { pathname } = new URL(String(input));
    const tenant = pathname.split('/')[1];
    return Promise.resolve(
      pathname.endsWith('/keys')
        ? Response.json({ keys: [jwk] })
        : Response.json({
            issuer: `${AUTHORITY}/${tenant}/v2.0`,
            jwks_uri: `${AUTHORITY}/${tenant}/keys`,
          }),
    );
  };
  const verify = createVerifyIdToken({
    fetch,
    authority: AUTHORITY,
    clientId: CLIENT,
    now: clock.now,
  });
  const sign = (claims: Record<string, unknown> = {}) =>
    new SignJWT({
      iss: `${AUTHORITY}/${TENANT}/v2.0`,
      aud: CLIENT,
      tid: TENANT,
      sub: 's',
      nonce: 'n',
      iat: clock.now() / 1000,
      exp: clock.now() / 1000 + 3600,
      preferred_username: 'admin@contoso.example',
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(privateKey);
  return { verify, sign };
}

const CHECK = { version: 'v2.0', nonce: 'n' } as const;

test('an id_token of the tenant for this client and attempt says who signed in', async () => {
  const { verify, sign } = setUp();
  expect(await verify(await sign(), CHECK)).toEqual({
    tenantId: TENANT,
    userName: 'admin@contoso.example',
    directoryRoles: [],
  });
});

test.each([
  ['another audience', { aud: 'other' }],
  ['another issuer', { iss: `${AUTHORITY}/${OTHER_TENANT}/v2.0` }],
  ['a tenant that did not issue it', { tid: OTHER_TENANT }],
  ['a tenant that is no GUID', { tid: 'common' }],
  ['no tenant', { tid: undefined }],
  ['another nonce', { nonce: 'x' }],
  ['no nonce', { nonce: undefined }],
  ['no subject', { sub: undefined }],
  ['an end in the past', { exp: 1 }],
])('an id_token with %s is refused', async (_, claims) => {
  const { verify, sign } = setUp();
  await expect(verify(await sign(claims), CHECK)).rejects.toMatchObject({ name: 'IdTokenRefused' });
});
