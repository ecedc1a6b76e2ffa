import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { addApplication } from '../../local/entra/directory/applications.ts';
import { getCallerToken } from '../../local/sandbox/client.ts';
import { addTool } from '../../local/sandbox/partner.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox } = await startEnvironment();
const { partner, microsoft } = sandbox;
const { directory, api } = partner;
const HOME = directory.homeTenantId;
const AUDIENCE = api.api?.identifiers[0] ?? '';

async function call(authorization: string | undefined, method = 'GET', path = '/tenants') {
  const response = await fetch(`${sandbox.url}/api${path}`, {
    method,
    headers: authorization === undefined ? {} : { authorization },
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, body, challenge: response.headers.get('www-authenticate') };
}

function tokenOf(
  tool: { clientId: string; secret: string },
  audience = AUDIENCE,
  homeTenantId = HOME,
) {
  return getCallerToken({ entraUrl: microsoft.url, homeTenantId, audience, tool });
}

const good = await tokenOf(partner.tools.operator);

/** Claims that are all right but for what is changed. */
function claims(change: JWTPayload = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: `${microsoft.url}/${HOME}/v2.0`,
    aud: api.clientId,
    tid: HOME,
    azp: partner.tools.operator.clientId,
    idtyp: 'app',
    roles: ['Tenants.Read'],
    iat: now,
    nbf: now,
    exp: now + 600,
    ...change,
  };
}

test('a token of the home tenant with the role is accepted', async () => {
  expect((await call(`Bearer ${good}`)).status).toBe(200);
  expect((await call(`bearer ${good}`)).status).toBe(200);
});

test('a v1 token of an API that is set to it is accepted', async () => {
  const v1Api = addApplication(directory, {
    displayName: 'API v1',
    appIdUri: AUDIENCE,
    clientId: api.clientId,
    appRoles: [{ value: 'Tenants.Read', displayName: 'x' }],
    requestedAccessTokenVersion: 1,
    optionalClaims: ['idtyp'],
  });
  const tool = addTool(directory, { name: 'v1 tool', api: v1Api, roles: ['Tenants.Read'] });
  const token = await tokenOf(tool);
  directory.applications.set(api.clientId, api);
  expect((await call(`Bearer ${token}`)).status).toBe(200);
});

test.each([
  [undefined],
  [''],
  ['Bearer'],
  ['Bearer '],
  ['Basic abc'],
  [good],
  [`Bearer ${good} ${good}`],
  [`Bearer ${good},Bearer ${good}`],
  ['Bearer a.b.c'],
  [`Bearer ${'x'.repeat(20_000)}`],
])('the authorization %.30s is refused', async (authorization) => {
  const { status, body, challenge } = await call(authorization);
  expect([status, body.error, challenge]).toEqual([
    401,
    'invalid_token',
    'Bearer error="invalid_token"',
  ]);
});

test('an unsigned token is refused', async () => {
  const token = new UnsecuredJWT(claims()).encode();
  expect(await call(`Bearer ${token}`)).toMatchObject({
    status: 401,
    body: { error: 'invalid_token' },
  });
});

test('a token that the public key was misused to sign is refused', async () => {
  const jwks = await (await fetch(`${microsoft.url}/${HOME}/discovery/v2.0/keys`)).text();
  const token = await new SignJWT(claims())
    .setProtectedHeader({ alg: 'HS256', kid: JSON.parse(jwks).keys[0].kid })
    .sign(new TextEncoder().encode(jwks));
  expect((await call(`Bearer ${token}`)).status).toBe(401);
});

test('a token that brings its own key is refused', async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = await exportJWK(publicKey);
  const sign = (kid: string) =>
    new SignJWT(claims())
      .setProtectedHeader({ alg: 'RS256', kid, jwk, jku: `${sandbox.url}/keys` })
      .sign(privateKey);
  const published = (await (
    await fetch(`${microsoft.url}/${HOME}/discovery/v2.0/keys`)
  ).json()) as {
    keys: { kid: string }[];
  };
  expect((await call(`Bearer ${await sign('made-up')}`)).status).toBe(401);
  expect((await call(`Bearer ${await sign(published.keys[0]?.kid ?? '')}`)).status).toBe(401);
});

test('unknown key ids do not make the broker ask Entra at their pace', async () => {
  const { privateKey } = await generateKeyPair('RS256');
  const asked = () => microsoft.entra.requests.filter(({ path }) => path.endsWith('/keys')).length;
  const before = asked();
  for (let i = 0; i < 20; i++) {
    const token = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'RS256', kid: `made-up-${i}` })
      .sign(privateKey);
    expect((await call(`Bearer ${token}`)).status).toBe(401);
  }
  expect(asked() - before).toBeLessThanOrEqual(1);
});

test('a token for another API is refused', async () => {
  const other = addApplication(directory, {
    displayName: 'Other API',
    appIdUri: 'api://other',
    appRoles: [{ value: 'Tenants.Read', displayName: 'x' }],
    requestedAccessTokenVersion: 2,
  });
  const tool = addTool(directory, { name: 'other tool', api: other, roles: ['Tenants.Read'] });
  const { status, body } = await call(`Bearer ${await tokenOf(tool, 'api://other')}`);
  expect([status, body.error_description]).toEqual([
    401,
    'The claim aud of the access token is not accepted.',
  ]);
});

test("a brokered token of a customer's tenant is refused", async () => {
  const graph = await tokenOf(
    { clientId: partner.client.clientId, secret: partner.clientSecret },
    'https://graph.microsoft.com',
  );
  expect((await call(`Bearer ${graph}`)).status).toBe(401);
});

test('a token of another tenant is refused', async () => {
  const [contoso] = sandbox.customers;
  const token = new UnsecuredJWT(
    claims({ iss: `${microsoft.url}/${contoso?.tenant.tenantId}/v2.0` }),
  ).encode();
  expect(await call(`Bearer ${token}`)).toMatchObject({
    status: 401,
    body: { error_description: 'The access token comes from another issuer than the home tenant.' },
  });
});

test('an access token of Entra with a changed payload is refused', async () => {
  const [header, , signature] = good.split('.');
  const payload = Buffer.from(JSON.stringify(claims())).toString('base64url');
  expect((await call(`Bearer ${header}.${payload}.${signature}`)).status).toBe(401);
});

test.each([
  ['GET', '/tenants', 'Tenants.Read'],
  ['GET', '/tenants/contoso.example', 'Tenants.Read'],
  ['PATCH', '/tenants/contoso.example', 'Tenants.Manage'],
  ['POST', '/tenants/contoso.example/verify', 'Tenants.Manage'],
  ['POST', '/invitations', 'Tenants.Manage'],
  ['POST', '/tenants/contoso.example/token', 'Tokens.Issue'],
  ['POST', '/tokens/validate', 'Tokens.Issue'],
  ['GET', '/callers', 'Policy.Manage'],
  ['GET', '/callers/x', 'Policy.Manage'],
  ['PUT', '/callers/x', 'Policy.Manage'],
  ['DELETE', '/callers/x', 'Policy.Manage'],
  ['POST', '/policy/simulate', 'Policy.Manage'],
  ['GET', '/audit/tokens', 'Audit.Read'],
  ['GET', '/audit/acts', 'Audit.Read'],
])('%s %s needs the role %s', async (method, path, role) => {
  const tool = addTool(directory, { name: `without ${role}`, api, roles: ['Incidents.Read'] });
  const { status, body, challenge } = await call(`Bearer ${await tokenOf(tool)}`, method, path);
  expect([status, body.error]).toEqual([403, 'insufficient_scope']);
  expect(body.remedy).toContain(role);
  expect(challenge).toBe('Bearer error="insufficient_scope"');
});

test('a new signing key of Entra is accepted without a restart, and the old one is for a while', async () => {
  await microsoft.entra.rotateSigningKeys();
  expect((await call(`Bearer ${good}`)).status).toBe(200);
});
