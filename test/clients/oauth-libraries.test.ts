import { OAuth2Client } from '@badgateway/oauth2-client';
import { ClientOAuth2 } from '@n8n/client-oauth2';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { ClientCredentials } from 'simple-oauth2';
import { expect, test } from 'vitest';
import { getCallerToken } from '../../local/sandbox/client.ts';
import { addIdentity, readClaims, SCOPE, startFace } from './set-up.ts';

const face = await startFace();
const { sandbox, tls, tool, contoso } = face;
const identity = await addIdentity(face);
const { tenantId } = contoso;
const callerToken = await getCallerToken({
  entraUrl: sandbox.microsoft.url,
  homeTenantId: sandbox.partner.directory.homeTenantId,
  audience: sandbox.settings.API_AUDIENCE ?? '',
  tool,
});

const ISSUER = `${tls.url}/${tenantId}/v2.0`;

/** A client authentication method of one's own, as openid-client and oauth4webapi take it. */
function withAssertion(assertion: string): openid.ClientAuth {
  return (_, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_assertion', assertion);
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  };
}

test.each([
  ['client_secret_post', openid.ClientSecretPost(tool.secret)],
  ['client_secret_basic', openid.ClientSecretBasic(tool.secret)],
])('openid-client gets a token by %s', async (_, authentication) => {
  const config = await openid.discovery(new URL(ISSUER), tool.clientId, undefined, authentication);
  const { access_token, expires_in } = await openid.clientCredentialsGrant(config, {
    scope: SCOPE,
  });
  expect([readClaims(access_token).tid, typeof expires_in]).toEqual([tenantId, 'number']);
});

test('openid-client gets a token by the assertion of a managed identity', async () => {
  const authentication = withAssertion(await identity.getAssertion());
  const url = new URL(ISSUER);
  const config = await openid.discovery(url, identity.clientId, undefined, authentication);
  const { access_token } = await openid.clientCredentialsGrant(config, { scope: SCOPE });
  expect(readClaims(access_token).tid).toBe(tenantId);
});

test('openid-client finds the metadata without a version, too', async () => {
  const url = new URL(`${tls.url}/${tenantId}`);
  const config = await openid.discovery(url, tool.clientId, tool.secret);
  expect(config.serverMetadata().issuer).toBe(url.href);
});

test('openid-client exchanges a caller’s token for the customer’s (RFC 8693)', async () => {
  const none = openid.None();
  const config = await openid.discovery(new URL(ISSUER), tool.clientId, undefined, none);
  const answer = await openid.genericGrantRequest(
    config,
    'urn:ietf:params:oauth:grant-type:token-exchange',
    {
      subject_token: callerToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: 'https://graph.microsoft.com',
    },
  );
  expect(readClaims(answer.access_token)).toMatchObject({
    tid: tenantId,
    roles: expect.arrayContaining(['SecurityIncident.Read.All']),
  });
  expect(answer.issued_token_type).toBe('urn:ietf:params:oauth:token-type:access_token');
});

test('oauth4webapi gets a token', async () => {
  const issuer = new URL(ISSUER);
  const found = await oauth.discoveryRequest(issuer);
  const server = await oauth.processDiscoveryResponse(issuer, found);
  const client = { client_id: tool.clientId };
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.ClientSecretBasic(tool.secret),
    new URLSearchParams({ scope: SCOPE }),
  );
  const answer = await oauth.processClientCredentialsResponse(server, client, response);
  expect(readClaims(answer.access_token).tid).toBe(tenantId);
});

test.each([
  ['header', 'strict'],
  ['header', 'loose'],
  ['body', 'strict'],
] as const)('simple-oauth2 gets a token with its secret in the %s, %s', async (where, encoding) => {
  const client = new ClientCredentials({
    client: { id: tool.clientId, secret: tool.secret },
    auth: { tokenHost: tls.url, tokenPath: `/${tenantId}/oauth2/v2.0/token` },
    options: { authorizationMethod: where, credentialsEncodingMode: encoding },
  });
  const { token } = await client.getToken({ scope: SCOPE });
  expect(readClaims(String(token.access_token)).tid).toBe(tenantId);
});

test.each(['header', 'body'] as const)(
  'n8n’s client gets a token by %s',
  async (authentication) => {
    const client = new ClientOAuth2({
      clientId: tool.clientId,
      clientSecret: tool.secret,
      accessTokenUri: `${tls.url}/${tenantId}/oauth2/v2.0/token`,
      scopes: [SCOPE],
      authentication,
      ignoreSSLIssues: true,
    });
    const { accessToken } = await client.credentials.getToken();
    expect(readClaims(accessToken).tid).toBe(tenantId);
  },
);

test.each(['client_secret_basic', 'client_secret_basic_interop', 'client_secret_post'] as const)(
  'badgateway’s client gets a token by %s',
  async (authenticationMethod) => {
    const client = new OAuth2Client({
      tokenEndpoint: `${tls.url}/${tenantId}/oauth2/v2.0/token`,
      clientId: tool.clientId,
      clientSecret: tool.secret,
      authenticationMethod,
    });
    const { accessToken } = await client.clientCredentials({ scope: [SCOPE] });
    expect(readClaims(accessToken).tid).toBe(tenantId);
  },
);
