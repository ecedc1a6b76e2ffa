import { request } from 'node:http';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startUpstream } from '../support/upstream.ts';
import { startEnvironment } from './set-up.ts';

const upstream = await startUpstream();
afterAll(upstream.stop);
const { sandbox, operator, playbook, onboard, logs } = await startEnvironment({
  GRAPH_API_URL: upstream.url,
});
const contoso = (await onboard('Contoso')).tenant;
const fabrikam = (await onboard('Fabrikam')).tenant;
const { incidents } = sandbox.microsoft;
incidents.createBurst(contoso.tenantId, { count: 5, from: Date.now() - 3_600_000, to: Date.now() });
const XDR = `/tenants/${contoso.tenantId}/apis/defender-xdr`;
const GRAPH = `/tenants/${contoso.tenantId}/apis/graph`;
const TOKEN = await (await fetch(`${sandbox.microsoft.url}/sandbox/token/operator`)).text();

beforeEach(upstream.reset);

interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document of any API
  readonly body: any;
}

/** Sends an address and headers exactly as they are given, which `fetch` does not. */
function send(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(sandbox.url);
  const options = { hostname, port, method, path: `/api${path}` };
  return new Promise((resolve, reject) => {
    const all = { authorization: `Bearer ${TOKEN}`, ...headers };
    const outgoing = request({ ...options, headers: all }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const isJson = response.headers['content-type']?.includes('json') ?? false;
      const { statusCode: status } = response;
      resolve({ status, headers: response.headers, text, body: isJson && JSON.parse(text) });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

test("a caller reads a customer's incidents, page after page, and meets no token", async () => {
  const first = await operator.call('GET', `${XDR}/api/incidents?$top=3`);
  const second = await operator.call('GET', `${XDR}/api/incidents?$top=3&$skip=3`);
  expect([first.body.value.length, second.body.value.length]).toEqual([3, 2]);
  expect(JSON.stringify([first, second])).not.toContain('eyJ');
});

test('the call reaches the API with the customer’s token and nothing of the caller’s', async () => {
  await send('POST', `${GRAPH}/v1.0/security/runHuntingQuery?x=%20a`, {
    body: '{"Query":"AlertInfo"}',
    headers: {
      'content-type': 'application/json',
      consistencylevel: 'eventual',
      cookie: 'a=b',
      connection: 'x-secret',
      'x-secret': 's',
      'x-http-method-override': 'DELETE',
      'x-forwarded-host': 'evil.example',
      te: 'trailers',
      'proxy-authorization': 'Basic x',
    },
  });
  const [{ method, url, headers, body } = expect.fail('Nothing arrived.')] = upstream.requests;
  expect([method, url, body]).toEqual([
    'POST',
    '/v1.0/security/runHuntingQuery?x=%20a',
    '{"Query":"AlertInfo"}',
  ]);
  expect(Object.keys(headers).toSorted()).toEqual([
    'accept-encoding',
    'authorization',
    'client-request-id',
    'connection',
    'consistencylevel',
    'content-length',
    'content-type',
    'host',
    'traceparent',
    'user-agent',
  ]);
  const [, payload = ''] = headers.authorization?.split('.') ?? [];
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString()).tid).toBe(contoso.tenantId);
});

test.each([
  ["security/incidents('1')", "/security/incidents('1')"],
  ['a;b=1/c', '/a;b=1/c'],
  ['a+b', '/a+b'],
  ['UPPER/Case', '/UPPER/Case'],
  ['users/a%40b.example/x%20y', '/users/a@b.example/x%20y'],
  ['users/a%23EXT%23', '/users/a%23EXT%23'],
  ['v1.0/x/', '/v1.0/x'],
  ["x?$filter=status%20eq%20'a'&$top=5&$top=6&a=1%2B2&b=1+2&c=%26", undefined],
])('the path %s is sent as it is', async (path, expected) => {
  const { status } = await send('GET', `${GRAPH}/${path}`);
  const [asked] = upstream.requests;
  expect(status).toBe(200);
  expect(asked?.url.replace('%40', '@')).toBe(expected ?? `/${path.replaceAll("'", '%27')}`);
});

test.each([
  ['nothing', ''],
  ['an encoded slash', '/a%2Fb'],
  ['a slash encoded twice', '/a%252Fb'],
  ['an encoded backslash', '/a%5Cb'],
  ['a backslash', '/a\\b'],
  ['dots encoded twice', '/%252e%252e/x'],
  ['nested parentheses', "/incidents('1(2)')"],
  ['two keys', "/incidents('1')('2')"],
  ['a space before a key', "/incidents%20('1')"],
  ['dots with a parameter', '/..;/x'],
  ['a doubled slash', '/v1.0//x'],
  ['a full address', '/https://evil.example/x'],
  ['a control character', '/a%0Ab'],
  ['a dot at the end', '/v1.0/incidents./1'],
  ['a space at the end', '/v1.0/incidents%20/1'],
  ['a batch', '/v1.0/$batch'],
  ['an encoded batch', '/v1.0/%24BATCH'],
  ['a batch with arguments', '/v1.0/$batch()'],
  ['a batch with a parameter', '/v1.0/$batch;x=1'],
  ['slashes in full width', '/v1.0/x%EF%BC%8Fy'],
  ['dots in full width', '/v1.0/%EF%BC%8E%EF%BC%8E/x'],
  ['a dot leader of two dots', '/v1.0/%E2%80%A5/x'],
  ['a batch in full width', '/v1.0/%EF%BC%84batch'],
  ['a token in the query', '/v1.0/me?access_token=x'],
  ['a token behind a second question mark', '/v1.0/me??access_token=x'],
  ['a token behind a semicolon', '/v1.0/me?a=1;access_token=x'],
  ['a token in capitals in the query', '/v1.0/me?Access_Token=x'],
])('%s is refused, and nobody is asked', async (_, path) => {
  const { status, body } = await send('GET', `${GRAPH}${path}`);
  expect([status, body.error, body.owner]).toEqual([400, 'invalid_request', 'caller']);
  expect(upstream.requests).toEqual([]);
});

test.each([
  `${GRAPH}/../../../${fabrikam.tenantId}/apis/graph/x`,
  `${GRAPH}/%2e%2e/%2e%2e/%2e%2e/${fabrikam.tenantId}/apis/graph/x`,
  `${GRAPH}/%252e%252e/%252e%252e/%252e%252e/${fabrikam.tenantId}/apis/graph/x`,
  `${GRAPH}/x@evil.example/`,
  `/tenants/${contoso.tenantId}/apis/evil.example/x`,
  `/tenants/${contoso.tenantId}/apis/https:%2F%2Fgraph.microsoft.com/x`,
])('no address leads elsewhere: %s', async (path) => {
  await send('GET', path);
  const reached = upstream.requests.map(({ url, headers }) => [url, headers.host]);
  const { host } = new URL(upstream.url);
  expect(reached.filter(([url]) => url !== '/x' && url !== '/x@evil.example')).toEqual([]);
  expect(reached.filter(([, asked]) => asked !== host)).toEqual([]);
});

test('a header Host of another site changes nothing', async () => {
  await send('GET', `${GRAPH}/v1.0/x`, { headers: { host: 'evil.example' } });
  expect(upstream.requests.map(({ headers }) => headers.host)).toEqual([
    new URL(upstream.url).host,
  ]);
});

test('a body over 10 MB, a chunked one and one of a GET are refused', async () => {
  const large = await send('POST', `${GRAPH}/v1.0/x`, { body: 'x'.repeat(20 * 1024 * 1024) });
  const chunked = await send('POST', `${GRAPH}/v1.0/x`, {
    body: '{}',
    headers: { 'transfer-encoding': 'chunked' },
  });
  const ofGet = await send('GET', `${GRAPH}/v1.0/x`, {
    body: '{}',
    headers: { 'content-length': '2' },
  });
  const answers = [large, chunked, ofGet].map(({ status, body }) => [status, body.error]);
  expect(answers).toEqual(Array(3).fill([400, 'invalid_request']));
  expect(upstream.requests).toEqual([]);
});

test.each(['gzip', 'br, gzip', 'zpaq'])(
  'a body that is packed: %s is refused, since the API would take it for what it is not',
  async (encoding) => {
    const headers = { 'content-encoding': encoding, 'content-type': 'application/json' };
    const { status, body } = await send('POST', `${GRAPH}/v1.0/x`, { body: 'packed', headers });
    expect([status, body.error]).toEqual([400, 'invalid_request']);
    expect(body.remedy).toContain('Content-Encoding');
    expect(upstream.requests).toEqual([]);
  },
);

test('an answer is passed on as it came, without what is not for the caller', async () => {
  upstream.answer(207, '{"id": 12345678901234567890, "a":"ü"}', {
    'content-type': 'application/json; odata.metadata=minimal',
    'set-cookie': 'session=upstream',
    'access-control-allow-origin': '*',
    'x-ms-secret': 'x',
    'content-disposition': 'attachment; filename="ü.txt"',
    etag: 'W/"1"',
    'request-id': 'r1',
  });
  const { status, headers, text } = await send('GET', `${GRAPH}/v1.0/x`);
  expect([status, text]).toEqual([207, '{"id": 12345678901234567890, "a":"ü"}']);
  expect(headers).toMatchObject({
    'content-type': 'application/json; odata.metadata=minimal',
    'cache-control': 'no-store',
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    etag: 'W/"1"',
    'request-id': 'r1',
    'x-correlation-id': expect.any(String),
  });
  const absent = ['set-cookie', 'access-control-allow-origin', 'x-ms-secret'];
  expect(absent.filter((name) => name in headers)).toEqual([]);
});

test('bytes that are no text are passed on unchanged, with their length', async () => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));
  upstream.answer(200, bytes, { 'content-type': 'application/octet-stream' });
  const answer = await fetch(`${sandbox.url}/api${GRAPH}/v1.0/x`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  expect(answer.headers.get('content-length')).toBe('1000');
});

test('the links of an answer lead to the proxy, and its texts stay', async () => {
  const title = '"@odata.nextLink":"https://evil.example/x"';
  const page = { title, '@odata.nextLink': 'https://elsewhere.example/v1.0/x?$skip=2&a=ü' };
  upstream.answer(200, JSON.stringify(page), { 'content-type': 'application/json' });
  const { body } = await send('GET', `${GRAPH}/v1.0/x`);
  expect(body).toEqual({
    title,
    '@odata.nextLink': `${sandbox.url}/api${GRAPH}/v1.0/x?$skip=2&a=%C3%BC`,
  });
});

test('a redirect is not followed: its address is ours, or it is refused', async () => {
  upstream.answer(302, '', { location: '/v1.0/there?a=1' });
  const own = await send('GET', `${GRAPH}/v1.0/x`);
  upstream.answer(302, '', { location: 'https://evil.example/' });
  const foreign = await send('GET', `${GRAPH}/v1.0/x`);
  upstream.answer(201, '{}', { location: 'https://evil.example/made' });
  const made = await send('POST', `${GRAPH}/v1.0/x`, { body: '{}' });
  expect([own.status, own.headers.location]).toEqual([
    302,
    `${sandbox.url}/api${GRAPH}/v1.0/there?a=1`,
  ]);
  expect([foreign.status, foreign.body.error]).toEqual([502, 'bad_gateway']);
  expect([made.status, made.headers.location]).toEqual([201, undefined]);
  expect(upstream.requests).toHaveLength(3);
});

test('a token that the API refuses is replaced once, when it is not brand-new', async () => {
  upstream.answer(401, '{}');
  const { status, body } = await send('GET', `${GRAPH}/v1.0/x`);
  expect([status, body.error, body.owner]).toEqual([502, 'bad_gateway', 'microsoft']);
  expect(upstream.requests).toHaveLength(1);
});

test('a throttled API is passed on with the time to wait, and is left alone meanwhile', async () => {
  upstream.answer(429, '{"error":{"code":"TooManyRequests"}}', { 'retry-after': '7' });
  const passed = await send('GET', `${GRAPH}/v1.0/busy`);
  const spared = await send('GET', `${GRAPH}/v1.0/busy/more`);
  expect([passed.status, passed.headers['retry-after'], passed.text]).toEqual([
    429,
    '7',
    '{"error":{"code":"TooManyRequests"}}',
  ]);
  expect([spared.status, spared.body.error, spared.body.owner]).toEqual([
    503,
    'temporarily_unavailable',
    'microsoft',
  ]);
  expect(upstream.requests).toHaveLength(1);
});

test.each([
  ['an answer that breaks off', { kind: 'break' }],
  ['an answer that is shorter than it says', { kind: 'short' }],
  ['an answer that has 3 MB of headers', { kind: 'headers' }],
] as const)('%s is 503, to be tried again', async (_, fault) => {
  upstream.fail(fault.kind);
  const { status, headers, body } = await send('GET', `${GRAPH}/v1.0/x`);
  expect([status, body.error, body.owner]).toEqual([503, 'temporarily_unavailable', 'microsoft']);
  expect(headers['retry-after']).toBe('5');
});

test.each(['declared', 'endless'] as const)(
  'an answer over 32 MB is cut off early, with a word how to ask: %s',
  async (kind) => {
    upstream.fail(kind);
    const { status, body } = await send('GET', `${GRAPH}/v1.0/x`);
    expect([status, body.error, body.owner]).toEqual([400, 'response_too_large', 'caller']);
    expect(body.remedy).toContain('$top');
    expect(await upstream.bytesSent()).toBeLessThan(64 * 1024 * 1024);
  },
);

test('a call that can change something is in the ledger before it is sent, a read is not', async () => {
  await send('GET', `${GRAPH}/v1.0/read`);
  await send('PATCH', `${GRAPH}/v1.0/incidents/7/${contoso.tenantId}?$x=secret`, { body: '{}' });
  const { body } = await operator.call('GET', `/audit/acts?tenant=${contoso.tenantId}`);
  const calls = body.value.filter(({ act }: { act: string }) => act === 'api.call');
  expect(calls.at(-1)).toMatchObject({
    subject: 'PATCH /v1.0/incidents/7/{tenant}',
    detail: 'graph',
    actor: sandbox.partner.tools.operator.clientId,
  });
  expect(JSON.stringify(calls)).not.toMatch(/secret|v1\.0\/read/);
});

test('without the role, without a grant and for a stranger the answer tells nothing', async () => {
  const { clientId } = sandbox.partner.tools.playbook;
  const rules = [{ id: 'xdr', effect: 'allow', tenants: ['*'], resources: ['defender-xdr'] }];
  await operator.call('PUT', `/callers/${clientId}`, { rules });
  const denied = await playbook.call('GET', `${GRAPH}/v1.0/x`);
  const unknown = await playbook.call('GET', '/tenants/nobody.example/apis/graph/v1.0/x');
  const anonymous = await send('GET', `${GRAPH}/v1.0/x`, { headers: { authorization: '' } });
  expect([denied.status, denied.body.error]).toEqual([403, 'access_denied']);
  expect({ ...unknown.body, correlation_id: '' }).toEqual({ ...denied.body, correlation_id: '' });
  expect([anonymous.status, anonymous.body.error]).toEqual([401, 'invalid_token']);
  expect(upstream.requests).toEqual([]);
});

test('no path, query or header of a call is in our log', async () => {
  await send('PATCH', `${GRAPH}/v1.0/canary-path?canary-query=1`, {
    headers: { prefer: 'canary-header' },
    body: '{"canary":"body"}',
  });
  expect(JSON.stringify(logs)).not.toContain('canary');
});
