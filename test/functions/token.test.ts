import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type ClientRequest, request } from 'node:http';
import { expect, test, vi } from 'vitest';
import { getTenant } from '../../local/entra/directory.ts';
import { clearFaults, type FaultEffect, injectFault } from '../../local/entra/faults.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, playbook, customer, onboard, logs } = await startEnvironment();
const { directory } = sandbox.partner;
const { entra } = sandbox.microsoft;
const contoso = (await onboard('Contoso')).tenant;
const fabrikam = (await onboard('Fabrikam')).tenant;

function tokenRequestsFor(tenantId: string) {
  return entra.requests.filter(
    ({ tenant, grantType }) => tenant === tenantId && grantType === 'client_credentials',
  ).length;
}

/** Requests for a tenant by its name; what the broker asks in the background has an id. */
function listNamed() {
  return entra.requests.filter(({ tenant }) => !/^[\da-f-]{36}$/.test(tenant));
}

/** Posts to a path that `fetch` would tidy up before it is sent. */
function postRaw(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(sandbox.url);
    request({ hostname, port, path, method: 'POST' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

const POLL = { timeout: 20_000, interval: 50 };

const QUEUES = /QueueEndpoint=http:\/\/([^/]+)/.exec(
  sandbox.settings.AzureWebJobsStorage ?? '',
)?.[1];

/**
 * Where this process, which is the broker's too, sends requests meanwhile; queues are polled all
 * the time.
 */
async function watchRequests(work: () => Promise<unknown>): Promise<readonly unknown[]> {
  const hosts: unknown[] = [];
  const onHttp = (message: unknown) =>
    hosts.push((message as { request: ClientRequest }).request.getHeader('host'));
  const onFetch = (message: unknown) =>
    hosts.push(new URL((message as { request: { origin: string } }).request.origin).host);
  subscribe('http.client.request.start', onHttp);
  subscribe('undici:request:create', onFetch);
  try {
    await work();
  } finally {
    unsubscribe('http.client.request.start', onHttp);
    unsubscribe('undici:request:create', onFetch);
  }
  return hosts.filter((host) => host !== QUEUES);
}

test('the token is in memory: answered without any I/O', async () => {
  const { tenantId } = await onboardFresh('Remembered');
  const ask = () => playbook.call('POST', `/tenants/${tenantId}/token`, { resource: 'graph' });
  const cold = await watchRequests(ask);
  const { host: tables = '' } = new URL(
    /TableEndpoint=([^;]+)/.exec(sandbox.settings.AzureWebJobsStorage ?? '')?.[1] ?? '',
  );
  const broker = new URL(sandbox.url).host;
  expect(cold).toEqual(
    expect.arrayContaining([broker, tables, new URL(sandbox.microsoft.url).host]),
  );
  // The broker's work in the background is seen as well: some request meets none of it.
  await vi.waitFor(async () => expect(await watchRequests(ask)).toEqual([broker]), POLL);
});

test('a token is answered as OAuth clients expect it', async () => {
  const { status, body, headers } = await playbook.call(
    'POST',
    `/tenants/${contoso.tenantId}/token`,
  );
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toEqual({
    access_token: expect.stringMatching(/^ey[\w-]+\.[\w-]+\.[\w-]+$/),
    token_type: 'Bearer',
    expires_in: expect.toSatisfy((seconds: number) => seconds > 3400 && seconds <= 3599),
    expires_at: expect.toSatisfy(
      (at: number) => Math.abs(at - Date.now() / 1000 - body.expires_in) < 60,
    ),
    refresh_in: expect.toSatisfy((seconds: number) => seconds > 1690 && seconds < 3060),
    tenant_id: contoso.tenantId,
    resource: 'defender-xdr',
    roles: ['Incident.Read.All', 'AdvancedHunting.Read.All'],
  });
});

test('a domain, its capitals and the GUID lead to the same token and one request to Entra', async () => {
  const before = tokenRequestsFor(contoso.tenantId);
  const names = ['contoso.example', 'CONTOSO.EXAMPLE', contoso.tenantId.toUpperCase()];
  const answers = await Promise.all(
    names.map((name) => playbook.call('POST', `/tenants/${name}/token`)),
  );
  expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(1);
  expect(tokenRequestsFor(contoso.tenantId)).toBe(before);
});

test.each([
  ['JSON', 'application/json', '{"resource":"https://graph.microsoft.com/.default"}'],
  ['a form', 'application/x-www-form-urlencoded', 'resource=graph&min_ttl=60'],
  [
    'an OAuth client',
    'application/x-www-form-urlencoded',
    'grant_type=client_credentials&scope=graph',
  ],
])('%s may ask for a resource', async (_, type, text) => {
  const token = await (await fetch(`${sandbox.microsoft.url}/sandbox/token/playbook`)).text();
  const response = await fetch(`${sandbox.url}/api/tenants/contoso.example/token`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body: text,
  });
  expect(await response.json()).toMatchObject({
    resource: 'graph',
    roles: expect.arrayContaining(['SecurityIncident.Read.All']),
  });
});

test('a resource that the customer granted nothing for is refused with a link', async () => {
  const body = { resource: 'https://securitycenter.onmicrosoft.com/windowsatpservice/.default' };
  const answer = await playbook.call('POST', `/tenants/${contoso.tenantId}/token`, body);
  expect(answer).toMatchObject({
    status: 409,
    body: {
      error: 'missing_roles',
      owner: 'customer',
      missing_roles: [],
      consent_url: expect.stringContaining('/api/consent/start?invitation='),
    },
  });
  expect((await operator.call('GET', `/tenants/${contoso.tenantId}`)).body.status).toBe('active');
});

test.each<[string, unknown, string]>([
  ['an unknown resource', { resource: 'mail' }, 'invalid_target'],
  ['a resource that is no text', { resource: 7 }, 'invalid_request'],
  ['a negative min_ttl', { min_ttl: -1 }, 'invalid_request'],
  ['a min_ttl that is no number', { min_ttl: 'soon' }, 'invalid_request'],
  ['a fraction as min_ttl', { min_ttl: 1.5 }, 'invalid_request'],
  ['a min_ttl beyond a day', { min_ttl: 90_000 }, 'invalid_request'],
  ['a min_ttl beyond what Entra gives', { min_ttl: 7200 }, 'invalid_request'],
  ['a list', [], 'invalid_request'],
  ['a body that is too large', { resource: 'x'.repeat(40_000) }, 'invalid_request'],
])('%s is refused', async (_, body, error) => {
  const answer = await playbook.call('POST', `/tenants/${contoso.tenantId}/token`, body);
  expect(answer).toMatchObject({
    status: 400,
    body: {
      error,
      owner: 'caller',
      remedy: expect.any(String),
      correlation_id: expect.any(String),
    },
  });
});

test('a body that is not JSON is refused', async () => {
  const token = await (await fetch(`${sandbox.microsoft.url}/sandbox/token/playbook`)).text();
  const response = await fetch(`${sandbox.url}/api/tenants/contoso.example/token`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: '{"resource":',
  });
  expect(await response.json()).toMatchObject({ error: 'invalid_request' });
});

test.each([
  'contoso',
  '5b2f7c1e-90d4-4c6b-8a51',
  'common',
  'organizations',
  '..%2F..%2Fcommon',
  'contoso.example%00',
  "x'%20or%20'1'%20eq%20'1",
])('the tenant name %j is refused before anybody is asked', async (name) => {
  const before = listNamed().length;
  const { status, body } = await playbook.call('POST', `/tenants/${name}/token`);
  expect([status, body?.error]).toEqual([
    400,
    status === 400 && body ? 'invalid_request' : undefined,
  ]);
  expect(listNamed().slice(before)).toEqual([]);
});

test('a path that climbs leads nowhere', async () => {
  expect(await postRaw('/api/tenants/../../admin/token')).toBe(404);
  expect(await postRaw('/api/tenants//token')).toBe(404);
});

test.each(['nobody.example', '00000000-0000-4000-8000-000000000000'])(
  'a caller asks for an unknown tenant: 403 for %s, 404 for who may list tenants',
  async (name) => {
    const unknown = await playbook.call('POST', `/tenants/${name}/token`);
    expect(unknown).toMatchObject({
      status: 403,
      body: { error: 'access_denied', owner: 'partner' },
    });
    const listed = await operator.call('POST', `/tenants/${name}/token`);
    expect(listed).toMatchObject({ status: 404, body: { error: 'tenant_not_found' } });
  },
);

interface Answered {
  readonly status: number;
  readonly error: string;
  readonly owner: string;
}

test.each<[FaultEffect, Answered]>([
  [
    { kind: 'throttle', retryAfterSeconds: 90 },
    { status: 503, error: 'temporarily_unavailable', owner: 'microsoft' },
  ],
  [{ kind: 'server-error' }, { status: 503, error: 'temporarily_unavailable', owner: 'microsoft' }],
  [
    { kind: 'drop-connection' },
    { status: 503, error: 'temporarily_unavailable', owner: 'microsoft' },
  ],
  [
    { kind: 'malformed-json' },
    { status: 503, error: 'temporarily_unavailable', owner: 'microsoft' },
  ],
  [
    { kind: 'wrong-tenant', answerTenantId: fabrikam.tenantId },
    { status: 500, error: 'server_error', owner: 'partner' },
  ],
  [{ kind: 'token-without-oid' }, { status: 409, error: 'consent_required', owner: 'customer' }],
  [{ kind: 'token-without-roles' }, { status: 409, error: 'missing_roles', owner: 'customer' }],
  [{ kind: 'consent-revoked' }, { status: 409, error: 'consent_required', owner: 'customer' }],
  [
    { kind: 'service-principal-disabled' },
    { status: 409, error: 'consent_required', owner: 'customer' },
  ],
  [{ kind: 'tenant-gone' }, { status: 409, error: 'consent_required', owner: 'customer' }],
  [{ kind: 'licence-missing' }, { status: 409, error: 'missing_roles', owner: 'customer' }],
])('when Entra has %o a first request is answered %o', async (fault, { status, error, owner }) => {
  const name = `T${fault.kind.replaceAll('-', '')}`;
  const { tenantId } = await onboardFresh(name);
  injectFault(directory, { ...fault, tenantId });
  const answer = await playbook.call('POST', `/tenants/${tenantId}/token`, { resource: 'graph' });
  expect(answer).toMatchObject({ status, body: { error, owner, remedy: expect.any(String) } });
  clearFaults(directory, tenantId);
});

test('Entra is down, no token: 503 with Retry-After, owned by Microsoft', async () => {
  const { tenantId } = await onboardFresh('Unlucky');
  injectFault(directory, { kind: 'server-error', tenantId });
  const answer = await playbook.call('POST', `/tenants/${tenantId}/token`, { resource: 'graph' });
  expect(answer).toMatchObject({
    status: 503,
    body: { error: 'temporarily_unavailable', owner: 'microsoft', retry_after: 5 },
  });
  expect(answer.headers.get('retry-after')).toBe('5');
});

test("Entra answers with another tenant's token: 500, logged, never stored or served", async () => {
  const { tenantId } = await onboardFresh('Mixedup');
  const path = `/tenants/${tenantId}/token`;
  const answerTenantId = fabrikam.tenantId;
  injectFault(directory, { kind: 'wrong-tenant', answerTenantId, tenantId });
  const answers = [
    await playbook.call('POST', path, { resource: 'graph' }),
    await playbook.call('POST', path, { resource: 'graph' }),
  ];
  const seen = answers.map(({ status, body }) => [status, body.access_token]);
  expect(seen).toEqual([
    [500, undefined],
    [500, undefined],
  ]);
  const said = logs.filter(({ message }) => message.includes('"token.mismatch"'));
  expect(said.at(-1)?.message).toContain(tenantId);
  expect((await operator.call('GET', `/audit/tokens?tenant=${answerTenantId}`)).body.value).toEqual(
    [],
  );
});

test('Retry-After is passed on', async () => {
  const { tenantId } = await onboardFresh('Throttled');
  injectFault(directory, { kind: 'throttle', retryAfterSeconds: 90, tenantId });
  const { headers, body } = await playbook.call('POST', `/tenants/${tenantId}/token`, {
    resource: 'graph',
  });
  expect([headers.get('retry-after'), body.retry_after]).toEqual(['90', 90]);
});

test('Entra answers with a token that can not be read: 500, logged, never stored or served', async () => {
  const { tenantId } = await onboardFresh('Opaque');
  injectFault(directory, { kind: 'opaque-token', tenantId });
  const { status, body } = await playbook.call('POST', `/tenants/${tenantId}/token`, {
    resource: 'graph',
  });
  expect([status, body.error, body.access_token]).toEqual([500, 'server_error', undefined]);
  const logged = logs.filter(({ message }) => message.includes('"token.mismatch"'));
  expect(logged.at(-1)?.message).toContain(tenantId);
});

test('a token is looked at without being echoed', async () => {
  const issued = await playbook.call('POST', `/tenants/${contoso.tenantId}/token`);
  const { access_token } = issued.body;
  const { status, body } = await playbook.call('POST', '/tokens/validate', { access_token });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    valid: true,
    problems: [],
    resource: 'defender-xdr',
    tenant_id: contoso.tenantId,
    roles: issued.body.roles,
    missing_roles: [],
  });
  expect(JSON.stringify(body)).not.toContain(access_token.split('.')[2]);
});

test('a token for another resource than thought is recognised', async () => {
  const issued = await playbook.call('POST', `/tenants/${contoso.tenantId}/token`, {
    resource: 'graph',
  });
  const { access_token } = issued.body;
  const { body } = await playbook.call('POST', '/tokens/validate', {
    access_token,
    resource: 'defender-xdr',
  });
  expect(body).toMatchObject({ valid: false, problems: ['other_resource'] });
});

test.each([
  [{ access_token: 'opaque' }, 200, { valid: false, problems: ['unreadable'], unreadable: 'jwt' }],
  [{}, 400, { error: 'invalid_request' }],
  [{ access_token: 1 }, 400, { error: 'invalid_request' }],
  [{ access_token: 'x', resource: 'mail' }, 400, { error: 'invalid_target' }],
])('POST /tokens/validate with %j answers %i', async (request, status, body) => {
  expect(await playbook.call('POST', '/tokens/validate', request)).toMatchObject({ status, body });
});

async function onboardFresh(name: string) {
  const { addTenant } = await import('../../local/entra/directory.ts');
  const { onboard: onboardCustomer } = await import('../../local/sandbox/onboard-customers.ts');
  // A second try of a test finds the first one's customer.
  const domain = `${name.toLowerCase()}-${randomUUID()}.example`;
  const tenant = addTenant(directory, { displayName: name, domains: [domain] });
  const admin = `admin@${domain}`;
  const page = await onboardCustomer(operator, { name, state: 'active', tenant, admin, user: '' });
  expect(page.status).toBe(200);
  return getTenant(directory, tenant.tenantId);
}

test('a customer that never consented is unknown', async () => {
  const { tenantId } = customer('Adatum').tenant;
  expect((await operator.call('POST', `/tenants/${tenantId}/token`)).status).toBe(404);
});
