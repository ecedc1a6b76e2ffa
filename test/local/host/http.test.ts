import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpServer } from '../../../local/host/http/http-server.ts';
import { createHttpTrigger } from '../../../local/host/http/http-trigger.ts';
import { setUp } from './set-up.ts';

const GUID = '01234567-89ab-cdef-0123-456789abcdef';

/** Sends exactly this target and these headers, which fetch would tidy up. */
function send(url: string, options: { path?: string; headers?: string[]; body?: string }) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status?: number; body: string }>();
  const { body, ...rest } = options;
  const outgoing = request(url, { method: 'POST', ...rest }, (response) => {
    text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }));
  });
  outgoing.once('error', reject);
  outgoing.end(body);
  return promise;
}

describe('a request', () => {
  it.each([
    ['/api/things/new', { name: 'thing', params: { id: 'new' } }],
    [`/api/ids/${GUID}`, { name: 'thingById', params: { id: GUID } }],
    ['/api/things/a%20b', { name: 'thing', params: { id: 'a b' } }],
    ['/api/things/a%2Fb', { name: 'thing', params: { id: 'a%2Fb' } }],
    ['/api/rest/one/two', { name: 'anything', params: { rest: 'one/two' } }],
    ['/api/parts/1', { name: 'thingParts', params: { id: '1' } }],
    ['/api/parts/1/2', { name: 'thingParts', params: { id: '1', part: '2' } }],
    ['/API/From/Hello', { name: 'configured', params: {} }],
  ])('for %s reaches its function', async (path, answer) => {
    const { get } = await setUp();

    const response = await get(path);

    expect(await response.json()).toEqual(answer);
  });

  it.each([
    { what: 'an unknown path', path: '/api/nowhere', status: 404 },
    { what: 'a path without the prefix', path: '/things/new', status: 404 },
    { what: 'a doubled slash', path: '/api//things/new', status: 404 },
  ])('for $what is answered $status without a body', async ({ path, status }) => {
    const { get } = await setUp();

    const response = await get(path);

    expect([response.status, await response.text()]).toEqual([status, '']);
  });

  it('with a method that no route has is answered 404', async () => {
    const { get } = await setUp();

    const response = await get('/api/things/new', { method: 'PATCH' });

    expect(response.status).toBe(404);
  });
});

describe('a routed request', () => {
  it('reaches the route that has its method', async () => {
    const { get } = await setUp();

    const response = await get('/api/things/new', { method: 'DELETE' });

    expect(await response.json()).toEqual({ name: 'removeThing', params: { id: 'new' } });
  });

  it('arrives with repeated headers and query keys joined by a comma', async () => {
    const { host } = await setUp();
    const headers = ['X-Joined', 'a', 'x-joined', 'b', 'Host', 'app.test', 'Content-Length', '2'];

    const { body } = await send(`${host.url}/api/echo?q=1&Q=2+3`, { headers, body: 'hi' });

    expect(JSON.parse(body)).toMatchObject({
      body: 'hi',
      header: 'a,b',
      query: '1,2 3',
      url: 'http://app.test/api/echo?q=1&Q=2+3',
    });
  });

  it('arrives without its body when the body is chunked', async () => {
    const { host } = await setUp();
    const headers = ['Host', 'app.test', 'Transfer-Encoding', 'chunked'];

    const { body } = await send(`${host.url}/api/echo`, { headers, body: 'lost' });

    expect(JSON.parse(body)).toMatchObject({ body: '' });
  });

  it('is refused when its Host header makes no URL', async () => {
    const { host } = await setUp();

    const { status } = await send(`${host.url}/api/echo`, { headers: ['Host', 'a b'] });

    expect(status).toBe(400);
  });

  it('goes on with the trace of its caller', async () => {
    const { get } = await setUp();
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

    const headers = { traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const response = await get('/api/echo', { headers });

    expect(await response.json()).toMatchObject({
      traceParent: expect.stringMatching(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`)),
    });
  });
});

describe('the front end', () => {
  it.each([
    ['thr', 200],
    ['four', 500],
  ])('answers the body %s, where three bytes are allowed, by %i', async (body, status) => {
    const registered = { metadata: { name: 'f', bindings: {} }, callback: () => undefined };
    const fn = { name: 'f', type: 'httpTrigger', route: 'f', methods: ['POST'] } as const;
    const answer = createHttpTrigger({
      functions: [{ ...fn, methods: [...fn.methods], authLevel: 'anonymous', registered }],
      routePrefix: '',
      invoke: () => Promise.resolve({ returnValue: { http: { statusCode: '200' } } }),
      answerOwn: () => Promise.resolve(false),
      hasKey: () => false,
      isHomepageDisabled: false,
      bodyLimitBytes: 3,
    });
    const server = await startHttpServer({ port: 0, onError: () => undefined, answer });
    onTestFinished(server.stop);

    const response = await fetch(`${server.url}/f`, { method: 'POST', body });

    expect(response.status).toBe(status);
  });
});

describe('a response', () => {
  it('carries each cookie with its attributes', async () => {
    const { get } = await setUp();

    const response = await get('/api/cookies');

    expect(response.headers.getSetCookie()).toEqual([
      'plain=a%20b; path=/',
      '__Host-state=x; expires=Fri, 02 Jan 1970 00:00:00 GMT; max-age=600; domain=example.com; ' +
        'path=/api; secure; samesite=lax; httponly',
      'cross=y; path=/; samesite=none',
    ]);
  });

  it.each([
    ['nothing', 204],
    ['fails', 500],
    ['badHeader', 500],
  ])('of %s is %s and empty', async (name, status) => {
    const { get } = await setUp();

    const response = await get(`/api/${name}`);

    expect([response.status, await response.text()]).toEqual([status, '']);
  });

  it('that cannot be sent leaves the reason in the log', async () => {
    const { get, log } = await setUp();

    await get('/api/badHeader');

    expect(log.find(({ level }) => level === 'error')).toMatchObject({
      category: 'Host',
      message: expect.stringContaining("control character in header 'Set-Cookie'"),
    });
  });

  it('of a failed function leaves the error in the log', async () => {
    const { get, log } = await setUp();

    await get('/api/fails?code=sesame');

    expect(log.find(({ level }) => level === 'error')).toMatchObject({
      category: 'Function.fails',
      functionName: 'fails',
      message: expect.stringContaining('out of order'),
    });
    expect(JSON.stringify(log)).not.toContain('sesame');
  });
});
