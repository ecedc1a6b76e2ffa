import { expect, test } from 'vitest';
import type { ApiRoute } from '../../functions/route.ts';
import { ROUTES_OF_TOOLS } from './routes-of-tools.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, onboard, logs } = await startEnvironment();
const { tenant } = await onboard('Contoso');
const TOKEN = `/tenants/${tenant.tenantId}/token`;
const bearer = await (await fetch(`${sandbox.microsoft.url}/sandbox/token/operator`)).text();
const FORM = 'application/x-www-form-urlencoded';

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly type?: string | undefined;
  readonly body?: RequestInit['body'];
}

/** Sends a body as it is. */
async function send({ method = 'POST', path = TOKEN, type, body = null }: Sent) {
  const headers = new Headers({ authorization: `Bearer ${bearer}` });
  if (type !== undefined) headers.set('content-type', type);
  // Without a type of its own a text would be text/plain.
  const sent = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const init = { method, headers, body: sent, duplex: 'half' };
  const response = await fetch(`${sandbox.url}/api${path}`, init as RequestInit);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function toChunks(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
}

test.each([
  ['PATCH', `/tenants/${tenant.tenantId}`, '{"status":"disabled"}'],
  ['POST', TOKEN, '{"resource":"graph"}'],
  ['POST', '/invitations', '{"tenant":"contoso.example"}'],
  ['POST', `/tenants/${tenant.tenantId}/verify`, '{"resource":"graph"}'],
])(
  'a body comes in chunks: %s %s refuses it and does not take it for none',
  async (method, path, text) => {
    expect(await send({ method, path, body: toChunks(text) })).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: 'The body has no Content-Length.',
        remedy: expect.stringMatching(/StringContent.*BodyPublishers.*set-body/),
      },
    });
  },
);

test.each([
  { type: undefined, body: '{"resource":"graph"}' },
  { type: 'application/json', body: '{"resource":"graph"}' },
  { type: 'Application/JSON; charset=utf-8', body: '{"resource":"graph"}' },
  { type: 'text/plain', body: '\uFEFF {"resource":"graph"} ' },
  { type: FORM, body: 'resource=graph' },
  { type: 'Application/X-WWW-Form-URLEncoded; Charset="UTF-8"', body: 'resource=graph' },
  {
    type: FORM,
    body: 'scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&grant_type=client_credentials',
  },
])('a body of the type $type that says $body is read', async (sent) => {
  expect(await send(sent)).toMatchObject({ status: 200, body: { resource: 'graph' } });
});

test.each([
  { type: FORM, body: '{"resource":"graph"}', says: /read as a form.* looks like JSON/ },
  { type: FORM, body: ' {"resource":"graph"}', says: /read as a form.* looks like JSON/ },
  { type: FORM, body: 'resource=graph&resource=defender-xdr', says: /resource is given twice/ },
  { type: FORM, body: 'Resource=graph', says: /parameter Resource is not acceptable/ },
  { type: FORM, body: 'resource=', says: /parameter resource is not acceptable/ },
  { type: undefined, body: 'resource=graph', says: /read as JSON/ },
  { type: 'application/json', body: 'resource=graph', says: /read as JSON/ },
  { type: 'multipart/form-data; boundary=x', body: '--x--', says: /read as JSON/ },
  { type: 'application/json', body: '["graph"]', says: /read as JSON/ },
  { type: 'application/json', body: 'null', says: /read as JSON/ },
  { type: 'application/json', body: '{"resource":"graph"', says: /read as JSON/ },
  {
    type: 'application/json',
    body: '{"resource":"graph","resource":"graph"}',
    says: /resource is given twice/,
  },
  { type: 'application/json', body: '{"resorce":"graph"}', says: /parameter resorce / },
  { type: 'application/json', body: '{"__proto__":{"resource":"graph"}}', says: /__proto__/ },
  { type: 'application/json', body: '{"constructor":1}', says: /parameter constructor / },
  {
    type: 'application/json',
    body: '{"resource":"graph","scope":"https://api.security.microsoft.com/.default"}',
    says: /resource and scope name different APIs/,
  },
  { type: 'application/json', body: '{"grant_type":"password"}', says: /grant_type/ },
])(
  'a body that says something is not understood: $type $body gives no token',
  async ({ says, ...sent }) => {
    const answer = await send(sent);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', owner: 'caller' },
    });
    expect(answer.body.error_description).toMatch(says);
    expect(answer.body.remedy).toEqual(expect.any(String));
  },
);

test('a body that is not UTF-8 is refused: letters would be lost in silence', async () => {
  const path = `/tenants/${tenant.tenantId}`;
  const body = Buffer.from('{"display_name":"Müller"}', 'latin1');
  expect(await send({ method: 'PATCH', path, type: 'application/json', body })).toMatchObject({
    status: 400,
    body: { error_description: 'The body is not UTF-8.' },
  });
});

test('a route that takes JSON only reads it whatever its type says', async () => {
  const body = '{"tenant":"contoso.example"}';
  expect((await send({ path: '/invitations', type: FORM, body })).status).toBe(201);
  const form = await send({ path: '/invitations', type: FORM, body: 'tenant=contoso.example' });
  expect(form.body.error_description).toMatch(/read as JSON/);
});

test('no body, an empty one and an empty object are alike', async () => {
  for (const body of [null, '', ' ', '{}']) expect((await send({ body })).status).toBe(200);
});

test.each(ROUTES_OF_TOOLS)(
  'a parameter is unknown, or given twice: $id refuses it',
  async (route) => {
    const [method, path] = toTarget(route);
    const query = await operator.call(method, `${path}?made_up_parameter=1`);
    expect(query).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(query.body.error_description).toBe('The parameter made_up_parameter is not acceptable.');
  },
);

test.each(ROUTES_OF_TOOLS.filter(({ method }) => method !== 'GET'))(
  '$id refuses a body with something that it does not know',
  async (route) => {
    const [method, path] = toTarget(route);
    const { status, body } = await operator.call(method, path, { made_up_parameter: 1 });
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  },
);

test('a name that a caller made up is in the answer, and not in the log', async () => {
  const { body } = await operator.call('POST', TOKEN, { made_up_name: 1 });
  await operator.call('GET', '/tenants?made_up_name=1&made_up_name=2');
  await send({ type: FORM, body: 'made_up_name=1&made_up_name=2' });
  expect(body.error_description).toContain('made_up_name');
  expect(JSON.stringify(logs)).not.toContain('made_up_name');
});

test.each([
  ['/tenants?tag=gold&tag=silver', 'tag'],
  ['/tenants?tag=gold,silver', 'tag'],
  ['/incidents?assigned_to=a@x.example&assigned_to=b@x.example', 'assigned_to'],
  ['/incidents?tenant=contoso.example,fabrikam.example', 'tenant'],
  ['/audit/tokens?uti=a,b', 'uti'],
  ['/tenants?limit=1&limit=1', 'limit'],
])('%s is refused: which of the two is meant?', async (path, name) => {
  const { status, body } = await operator.call('GET', path);
  expect([status, body.error]).toEqual([400, 'invalid_request']);
  expect(body.error_description).toBe(`The parameter ${name} is given twice, or holds a comma.`);
});

test.each([
  ['/tenants?tag=', 'tag'],
  ['/incidents?tag=', 'tag'],
  ['/incidents?tenant=', 'tenant'],
  ['/audit/acts?since=2026-11-20T10:00:00%2B05', 'since'],
  ['/audit/acts?since=2026-11-20T10:00:00+05:00', 'since'],
  ['/incidents?updated_since=2026-11-20T10:00:00%2B05', 'updated_since'],
  ['/incidents/changes?since=2026-11-20T10:00:00%2B05', 'since'],
])('%s is refused by the name of its parameter', async (path, name) => {
  const { status, body } = await operator.call('GET', path);
  expect([status, body.error]).toEqual([400, 'invalid_request']);
  expect(body.error_description).toBe(`The parameter ${name} is not acceptable.`);
});

/** The method and the path of a route, filled with what there is. */
function toTarget({ method, path }: ApiRoute): readonly [string, string] {
  const filled = path
    .replace(/^api/, '')
    .replace('{tenant}', tenant.tenantId)
    .replace(/\{\w+\}/g, '1001');
  return [method, filled];
}
