import { expect, test } from 'vitest';
import { addApplication } from '../../local/entra/directory/applications.ts';
import { createServicePrincipal, grantConsent } from '../../local/entra/directory/grants.ts';
import { getTenant } from '../../local/entra/directory.ts';
import { getCallerToken } from '../../local/sandbox/client.ts';
import { addTool, type Tool } from '../../local/sandbox/partner.ts';
import {
  ALL,
  basic,
  byAssertion,
  bySecret,
  type Form,
  startOAuthEnvironment,
  type Where,
  XDR,
} from './oauth-environment.ts';

const { sandbox, operator, logs, directory, contoso, addClient, tokenOf, post } =
  await startOAuthEnvironment();
const { partner } = sandbox;
const tool = await addClient('client');
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

const other = addApplication(directory, {
  displayName: 'Another API',
  appIdUri: 'api://another',
  appRoles: [{ value: 'Tokens.Issue', displayName: 'x' }],
  requestedAccessTokenVersion: 2,
});

/** What is refused, with the answer that says so. */
const REFUSED: readonly (readonly [
  string,
  () => Promise<Form | (Where & { form: Form })>,
  number,
  string,
])[] = [
  [
    'a secret and an assertion',
    async () => ({ ...byAssertion(await tokenOf(tool)), ...bySecret(tool) }),
    400,
    'invalid_request',
  ],
  [
    'Basic and a secret',
    async () => ({ form: bySecret(tool), headers: basic(tool.clientId, tool.secret) }),
    400,
    'invalid_request',
  ],
  [
    'Basic and another client id',
    async () => ({
      form: { grant_type: 'client_credentials', client_id: partner.tools.operator.clientId },
      headers: basic(tool.clientId, tool.secret),
    }),
    400,
    'invalid_request',
  ],
  [
    'Basic without a colon',
    async () => ({
      form: { grant_type: 'client_credentials' },
      headers: { authorization: `Basic ${Buffer.from('abc').toString('base64')}` },
    }),
    401,
    'invalid_client',
  ],
  [
    'Basic that is not UTF-8',
    async () => ({
      form: { grant_type: 'client_credentials' },
      headers: { authorization: 'Basic //86//8=' },
    }),
    401,
    'invalid_client',
  ],
  [
    'Digest',
    async () => ({
      form: { grant_type: 'client_credentials' },
      headers: { authorization: 'Digest a=b' },
    }),
    400,
    'invalid_request',
  ],
  [
    'nobody',
    async () => ({ grant_type: 'client_credentials', client_id: tool.clientId }),
    401,
    'invalid_client',
  ],
  ['an empty secret', async () => bySecret({ ...tool, secret: '' }), 401, 'invalid_client'],
  ['a wrong secret', async () => bySecret({ ...tool, secret: 'wrong' }), 401, 'invalid_client'],
  [
    'a client id that is none',
    async () => bySecret({ clientId: 'playbook', secret: 'x' }),
    401,
    'invalid_client',
  ],
  [
    'a client that nobody knows',
    async () => bySecret({ clientId: '11111111-2222-4333-8444-555555555555', secret: 'x' }),
    401,
    'invalid_client',
  ],
  [
    'a secret of a caller that has not opted in',
    async () => bySecret(partner.tools.operator),
    401,
    'invalid_client',
  ],
  [
    'a credential in the query',
    async () => ({ form: bySecret(tool), path: `oauth2/v2.0/token?client_secret=${tool.secret}` }),
    400,
    'invalid_request',
  ],
  [
    'a credential in the query, in capitals',
    async () => ({ form: bySecret(tool), path: `oauth2/v2.0/token?Client_Secret=${tool.secret}` }),
    400,
    'invalid_request',
  ],
  [
    'a form that is packed',
    async () => ({ form: bySecret(tool), headers: { 'content-encoding': 'gzip' } }),
    400,
    'invalid_request',
  ],
  [
    'an assertion in the query',
    async () => ({ form: bySecret(tool), path: 'oauth2/v2.0/token?client_assertion=x' }),
    400,
    'invalid_request',
  ],
  [
    'an assertion for another API',
    async () => byAssertion(await tokenOf(addOtherTool(), 'api://another')),
    401,
    'invalid_client',
  ],
  [
    "an assertion that is a customer's token",
    async () => byAssertion((await post(bySecret(tool))).body.access_token),
    401,
    'invalid_client',
  ],
  [
    'an assertion of another tenant, for the API of the broker',
    async () => byAssertion(await tokenOfContoso()),
    401,
    'invalid_client',
  ],
  [
    'an assertion that has expired',
    async () => byAssertion(await expiredTokenOf(tool)),
    401,
    'invalid_client',
  ],
  ['an assertion that is no token', async () => byAssertion('x.y.z'), 401, 'invalid_client'],
  [
    "an assertion with another client's id",
    async () => byAssertion(await tokenOf(tool), { client_id: partner.tools.operator.clientId }),
    401,
    'invalid_client',
  ],
  [
    'an assertion of another type',
    async () => byAssertion(await tokenOf(tool), { client_assertion_type: 'x' }),
    400,
    'invalid_request',
  ],
  [
    'two resources',
    async () => bySecret(tool, { scope: `${XDR} https://graph.microsoft.com/.default` }),
    400,
    'invalid_scope',
  ],
  [
    'a scope of an unknown host',
    async () => bySecret(tool, { scope: 'https://evil.example/.default' }),
    400,
    'invalid_scope',
  ],
  [
    'a single permission',
    async () => bySecret(tool, { scope: 'https://graph.microsoft.com/User.Read' }),
    400,
    'invalid_scope',
  ],
  [
    'an unknown resource in v1',
    async () => ({
      form: bySecret(tool, { scope: '', resource: 'https://evil.example' }),
      path: 'oauth2/token',
    }),
    400,
    'invalid_resource',
  ],
  [
    'a repeated scope',
    async () => [...Object.entries(bySecret(tool)), ['scope', XDR]] as const,
    400,
    'invalid_request',
  ],
  [
    'another grant',
    async () => bySecret(tool, { grant_type: 'password' }),
    400,
    'unsupported_grant_type',
  ],
  ['no grant', async () => bySecret(tool, { grant_type: '' }), 400, 'invalid_request'],
  [
    'JSON',
    async () => ({ form: bySecret(tool), headers: { 'content-type': 'application/json' } }),
    400,
    'invalid_request',
  ],
  [
    'a tenant that is none',
    async () => ({ form: bySecret(tool), path: '/common/oauth2/v2.0/token' }),
    400,
    'invalid_request',
  ],
  [
    'a tenant that nobody knows',
    async () => ({ form: bySecret(tool), path: '/nobody.example/oauth2/v2.0/token' }),
    400,
    'unauthorized_client',
  ],
];

function addOtherTool(): Tool {
  return addTool(directory, { name: 'other', api: other, roles: ['Tokens.Issue'] });
}

/** What a customer could do whose directory knows the broker's API: name a role in it. */
async function tokenOfContoso(): Promise<string> {
  const { tenantId } = contoso;
  const own = { displayName: 'Attacker', homeTenantId: tenantId, secrets: ['secret'] };
  const { clientId } = addApplication(directory, own);
  createServicePrincipal(directory, { tenantId, clientId: partner.api.clientId });
  const roles = { [partner.api.clientId]: ['Tokens.Issue'] };
  grantConsent(directory, { tenantId, clientId, roles });
  const audience = sandbox.settings.API_AUDIENCE ?? '';
  const entraUrl = sandbox.microsoft.url;
  const attacker = { clientId, secret: 'secret' };
  return await getCallerToken({ entraUrl, homeTenantId: tenantId, audience, tool: attacker });
}

/** A token of a tenant whose tokens end ten minutes before they begin. */
async function expiredTokenOf(of: Tool): Promise<string> {
  const home = getTenant(directory, directory.homeTenantId);
  const { accessTokenLifetimeSeconds } = home;
  Object.assign(home, { accessTokenLifetimeSeconds: -600 });
  const token = await tokenOf(of);
  Object.assign(home, { accessTokenLifetimeSeconds });
  return token;
}

test.each(REFUSED)('$0: refused', async (...refused) => {
  const [, make, status, error] = refused;
  const made = await make();
  const { form, ...where } =
    'form' in made && typeof made.form === 'object' ? made : { form: made };
  const answer = await post(form as Form, where as Where);
  expect([answer.status, answer.body.error]).toEqual([status, error]);
  expect(answer.body).toMatchObject({
    error_description: expect.stringContaining(`To be done by: ${answer.body.owner}.`),
    error_codes: [expect.any(Number)],
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
    trace_id: expect.any(String),
    correlation_id: expect.any(String),
    remedy: expect.any(String),
  });
  expect(answer.headers.get('retry-after')).toBeNull();
});

test('only Basic is asked for by a challenge of Basic', async () => {
  const wrong = { ...tool, secret: 'wrong' };
  const byBasic = await post(
    { grant_type: 'client_credentials' },
    { headers: basic(tool.clientId, 'wrong') },
  );
  const byPost = await post(bySecret(wrong));
  expect([byBasic, byPost].map(({ headers }) => headers.get('www-authenticate'))).toEqual([
    'Basic realm="broker"',
    null,
  ]);
});

test('without the app role, or a grant, the client is not authorised', async () => {
  const roleless = addTool(directory, {
    name: 'roleless',
    api: partner.api,
    roles: ['Tenants.Read'],
  });
  const record = { client_secret: true, rules: ALL };
  await operator.call('PUT', `/callers/${roleless.clientId}`, record);
  const elsewhere = [{ id: 'gold', effect: 'allow', tenants: ['tag:gold'], resources: ['*'] }];
  const ungranted = await addClient('ungranted', { client_secret: true, rules: elsewhere });
  const answers = [await post(bySecret(roleless)), await post(bySecret(ungranted))];
  expect(answers.map(({ status, body }) => [status, body.error])).toEqual(
    Array(2).fill([400, 'unauthorized_client']),
  );
});

test('a customer that withdrew its consent is named with the link that repairs it', async () => {
  const { scope: _, ...form } = bySecret(tool);
  const { status, body } = await post({ ...form, resource: 'defender-endpoint' });
  expect([status, body.error, body.suberror, body.owner]).toEqual([
    400,
    'invalid_grant',
    'consent_required',
    'customer',
  ]);
  expect(body.error_description).toContain(body.consent_url);
  expect(JSON.stringify(logs)).not.toContain(body.consent_url);
});

test.each([
  ['a type of an actor without one', { actor_token_type: ACCESS_TOKEN }, 'invalid_request'],
  ['an actor', { actor_token: 'x' }, 'invalid_request'],
  ['no subject', { subject_token: '' }, 'invalid_request'],
  ['a subject that is no token', { subject_token: 'x.y.z' }, 'invalid_request'],
  [
    'a subject of another type',
    { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' },
    'invalid_request',
  ],
  [
    'another type of answer',
    { requested_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
    'invalid_request',
  ],
  ['an unknown audience', { audience: 'https://evil.example' }, 'invalid_target'],
  ['an unknown scope', { scope: 'https://evil.example/.default' }, 'invalid_target'],
])('an exchange with %s is refused', async (_, more, error) => {
  const form = {
    grant_type: EXCHANGE,
    subject_token: await tokenOf(tool),
    subject_token_type: ACCESS_TOKEN,
    ...more,
  };
  const { status, body } = await post(form);
  expect([status, body.error]).toEqual([400, error]);
});

test('who authenticates as one client gets nothing for the token of another', async () => {
  const form = {
    grant_type: EXCHANGE,
    subject_token: await tokenOf(partner.tools.operator),
    subject_token_type: ACCESS_TOKEN,
    client_id: tool.clientId,
    client_secret: tool.secret,
  };
  const { status, body } = await post(form);
  expect([status, body.error]).toEqual([400, 'invalid_request']);
});

test.each([
  ['/common/v2.0/.well-known/openid-configuration', 400],
  ['/a%22b/v2.0/.well-known/openid-configuration', 400],
  [`/${contoso.tenantId}/oauth2/v2.0/authorize?client_id=x`, 400],
  [`/${contoso.tenantId}/discovery/v2.0/keys`, 200],
])('GET %s answers %i', async (path, status) => {
  expect((await fetch(`${sandbox.url}${path}`)).status).toBe(status);
});
