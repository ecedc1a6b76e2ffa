import { afterAll, beforeEach, expect, test } from 'vitest';
import { createForward } from '../../../shared/defender/forward.ts';
import { createSendWhole } from '../../../shared/defender/send-whole.ts';
import type { ForwardedCall } from '../../../shared/proxy/api-answer.ts';
import { startUpstream } from '../../support/upstream.ts';

const upstream = await startUpstream();
afterAll(upstream.stop);
beforeEach(upstream.reset);

const CALL: ForwardedCall = {
  resource: 'graph',
  method: 'GET',
  target: '/v1.0/x',
  headers: {},
  body: undefined,
  accessToken: 'token',
};

function setUp(apiUrl = upstream.url) {
  const apiUrls = { graph: apiUrl, 'defender-xdr': apiUrl, 'defender-endpoint': apiUrl };
  const forward = createForward({
    send: createSendWhole(),
    trace: (_, send) => send({}),
    apiUrls,
    timeoutMs: 1500,
    idleTimeoutMs: 200,
  });
  const grown: number[] = [];
  const grow = (bytes: number) => void grown.push(bytes);
  return { grown, ask: (call: Partial<ForwardedCall> = {}) => forward({ ...CALL, ...call }, grow) };
}

test.each([
  ['an API that never begins to answer', 'silence'],
  ['an API that begins to answer and stands still', 'stall'],
] as const)('%s: it is given up, and the caller is told to try again', async (_, fault) => {
  upstream.fail(fault);
  await expect(setUp().ask()).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    details: { owner: 'microsoft', remedy: 'Try again.' },
  });
});

test('of a change that was not answered the broker says that it may have been made', async () => {
  upstream.fail('silence');
  const refused = setUp().ask({ method: 'PATCH' });
  await expect(refused).rejects.toMatchObject({
    details: { remedy: expect.stringContaining('Look whether the change was made') },
  });
});

test('an API that nobody reaches is 503', async () => {
  const refused = setUp('http://127.0.0.1:1').ask();
  await expect(refused).rejects.toMatchObject({ code: 'temporarily_unavailable' });
});

test('memory is asked for as much as is declared, and for what comes beyond', async () => {
  upstream.answer(200, 'x'.repeat(1000), { 'content-length': '1000' });
  const declared = setUp();
  await declared.ask();
  upstream.answer(200, 'x'.repeat(1000), { 'transfer-encoding': 'chunked' });
  const chunked = setUp();
  await chunked.ask();
  expect([declared.grown, chunked.grown]).toEqual([[1000], [0, 1000]]);
});

test('a path that the URL parser would change is not sent', async () => {
  const targets = ['/v1.0/../x', '/\\evil.example', '/%2e%2e/x'];
  for (const target of targets) {
    await expect(setUp().ask({ target })).rejects.toMatchObject({ code: 'invalid_request' });
  }
  expect(upstream.requests).toEqual([]);
});

test.each(['/base2/x', '/x', '//evil.example/x', '/base/../x'])(
  'of an API below a path the address %s is not below it',
  async (location) => {
    upstream.answer(201, '{}', { location: `${upstream.url}${location}` });
    expect((await setUp(`${upstream.url}/base`).ask()).location).toBe('elsewhere');
  },
);

test('an API below a path is called below it, and its links are known without it', async () => {
  upstream.answer(201, '{}', { location: `${upstream.url}/base/v1.0/made?a=1` });
  const { location, basePath } = await setUp(`${upstream.url}/base`).ask();
  expect(upstream.requests[0]?.url).toBe('/base/v1.0/x');
  expect([location, basePath]).toEqual(['/v1.0/made?a=1', '/base']);
});
