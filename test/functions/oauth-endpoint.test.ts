import { expect, test } from 'vitest';
import { setSecrets } from '../../local/entra/directory/applications.ts';
import { addTool } from '../../local/sandbox/partner.ts';
import {
  ALL,
  basic,
  byAssertion,
  bySecret,
  startOAuthEnvironment,
  XDR,
} from './oauth-environment.ts';

const { sandbox, operator, directory, contoso, addClient, tokenOf, post } =
  await startOAuthEnvironment();
const tool = await addClient('client');
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

test('v2 answers with numbers, no scope and no expires_at', async () => {
  const { status, headers, body } = await post(bySecret(tool));
  expect(body).toEqual({
    token_type: 'Bearer',
    expires_in: expect.toSatisfy((seconds) => Number.isInteger(seconds) && seconds > 300),
    ext_expires_in: body.expires_in,
    refresh_in: expect.toSatisfy((seconds) => Number.isInteger(seconds) && seconds > 0),
    access_token: expect.stringMatching(/^ey/),
  });
  expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
    200,
    'application/json; charset=utf-8',
    'no-store',
  ]);
  expect(headers.get('pragma')).toBe('no-cache');
});

test('v1 answers with texts and names the resource as it was asked for', async () => {
  const { scope: _, ...form } = bySecret(tool);
  const resource = 'https://api.security.microsoft.com';
  const { status, body } = await post({ ...form, resource }, { path: 'oauth2/token' });
  const digits = expect.stringMatching(/^\d+$/);
  expect([status, body]).toEqual([
    200,
    {
      token_type: 'Bearer',
      expires_in: digits,
      ext_expires_in: digits,
      expires_on: digits,
      not_before: digits,
      resource,
      access_token: expect.stringMatching(/^ey/),
    },
  ]);
});

test('both forms take scope and resource, sign-in scopes and fields that nobody knows', async () => {
  const more = { scope: `openid profile offline_access ${XDR}`, claims: '{}', 'x-client-SKU': 'x' };
  const { scope: _, ...bare } = bySecret(tool);
  const answers = [
    await post(bySecret(tool, more), { path: 'oauth2/token' }),
    await post({ ...bare, resource: 'graph' }),
    await post({
      ...bare,
      scope: 'https://securitycenter.onmicrosoft.com/windowsatpservice/.default',
    }),
    await post({ ...bare, scope: 'openid' }),
    await post(bare),
  ];
  expect(answers.map(({ status, body }) => body.error ?? status)).toEqual([
    200,
    200,
    'invalid_grant',
    200,
    200,
  ]);
});

test('it is the token of our own route, and the ledger has it once', async () => {
  const { body } = await post(bySecret(tool));
  const own = await operator.call('POST', `/tenants/${contoso.tenantId}/token`);
  const ledger = await operator.call('GET', `/audit/tokens?caller=${tool.clientId}`);
  const hashes = ledger.body.value.map(({ token_hash }: { token_hash: string }) => token_hash);
  expect(body.access_token).toBe(own.body.access_token);
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('the tenant may be named by its domain, in any case', async () => {
  const answers = [
    await post(bySecret(tool), { path: '/CONTOSO.example/oauth2/v2.0/token' }),
    await post(bySecret(tool), { path: `/${contoso.tenantId.toUpperCase()}/oauth2/v2.0/token` }),
  ];
  expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(1);
});

test.each([
  ['post', (form: Record<string, string>) => post(form)],
  [
    'raw basic',
    ({ client_id = '', client_secret = '', ...form }: Record<string, string>) =>
      post(form, { headers: basic(client_id, client_secret) }),
  ],
  [
    'encoded basic',
    ({ client_id = '', client_secret = '', ...form }: Record<string, string>) => {
      const encoded = basic(encodeURIComponent(client_id), encodeURIComponent(client_secret));
      return post(form, { headers: encoded });
    },
  ],
])('a secret may hold any characters: by %s', async (name, ask) => {
  const client = await addClient(`odd ${name}`);
  const secret = 'p%e:r+c ent~ü€%zz';
  const application = directory.applications.get(client.clientId);
  if (application) setSecrets(application, [secret]);
  expect((await ask(bySecret({ ...client, secret }))).status).toBe(200);
});

test('a plus sign that is not encoded is a plus sign', async () => {
  const client = await addClient('plus');
  const secret = 'ab+cd/ef=';
  const application = directory.applications.get(client.clientId);
  if (application) setSecrets(application, [secret]);
  const { client_id: _, client_secret: __, ...form } = bySecret(tool);
  expect((await post(form, { headers: basic(client.clientId, secret) })).status).toBe(200);
});

test.each([
  ['an assertion', (token: string) => post(byAssertion(token))],
  [
    'an assertion with its client id',
    (token: string) => post(byAssertion(token, { client_id: tool.clientId })),
  ],
  [
    'a bearer token',
    (token: string) =>
      post({ grant_type: 'client_credentials' }, { headers: { authorization: `Bearer ${token}` } }),
  ],
])('%s needs no opting in', async (_, ask) => {
  expect((await ask(await tokenOf(tool))).status).toBe(200);
});

test('an assertion may come again: managed identities keep theirs for hours', async () => {
  const token = await tokenOf(tool);
  const statuses = [await post(byAssertion(token)), await post(byAssertion(token))];
  expect(statuses.map(({ status }) => status)).toEqual([200, 200]);
});

test('a client whose scope is derived from an address of the proxy calls it with its own token', async () => {
  const client = addTool(directory, {
    name: 'elastic',
    api: sandbox.partner.api,
    roles: ['Apis.Call'],
  });
  const rules = [{ ...ALL[0], resources: ['defender-xdr'], operations: ['GET /api/incidents*'] }];
  await operator.call('PUT', `/callers/${client.clientId}`, { rules, client_secret: true });
  const url = `${sandbox.url}/api/tenants/${contoso.tenantId}/apis/defender-xdr`;
  const { status, body } = await post(bySecret(client, { scope: `${url}/.default` }));
  const headers = { authorization: `Bearer ${body.access_token}` };
  const incidents = await fetch(`${url}/api/incidents?$top=1`, { headers });
  const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString());
  expect([status, incidents.status, claims.tid]).toEqual([200, 200, directory.homeTenantId]);
  expect(body.expires_in).toBeGreaterThan(3000);
});

test('who may not call the proxy gets no token for it', async () => {
  const scope = `${sandbox.url}/api/tenants/${contoso.tenantId}/apis/graph/.default`;
  const { status, body } = await post(bySecret(tool, { scope }));
  expect([status, body.error]).toEqual([400, 'unauthorized_client']);
});

test('a token is exchanged (RFC 8693)', async () => {
  const form = {
    grant_type: EXCHANGE,
    subject_token: await tokenOf(tool),
    subject_token_type: ACCESS_TOKEN,
  };
  const repeated = [
    ...Object.entries(form),
    ['resource', 'graph'],
    ['audience', 'https://graph.microsoft.com'],
  ] as const;
  const answers = [await post(form), await post(repeated)];
  expect(answers.map(({ status, body }) => [status, body.issued_token_type])).toEqual(
    Array(2).fill([200, ACCESS_TOKEN]),
  );
});

test.each([
  ['nobody.example/v2.0', 'nobody.example', '/v2.0'],
  ['00000000-0000-4000-8000-000000000000', '00000000-0000-4000-8000-000000000000', ''],
])('%s has metadata, whether it is known or not', async (path, tenant, end) => {
  const response = await fetch(`${sandbox.url}/${path}/.well-known/openid-configuration`);
  expect([response.status, await response.json()]).toEqual([
    200,
    expect.objectContaining({
      issuer: `${sandbox.url}/${tenant}${end}`,
      token_endpoint: `${sandbox.url}/${tenant}/oauth2/v2.0/token`,
      jwks_uri: `${sandbox.url}/${tenant}/discovery/v2.0/keys`,
      authorization_endpoint: `${sandbox.url}/${tenant}/oauth2/v2.0/authorize`,
    }),
  ]);
});
