import { HttpResponse, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { expect, test } from 'vitest';
import { withBytes } from '../../functions/as-bytes.ts';

async function answer(init: HttpResponseInit) {
  const handler = withBytes(
    () => init,
    (bare) => new HttpResponse(bare),
  );
  return await handler(undefined as never, undefined as unknown as InvocationContext);
}

test('bytes reach the library as they are, with status, headers and cookies', async () => {
  const body = new Uint8Array([1, 2, 3]);
  const cookies = [{ name: 'a', value: 'b' }];
  const response = await answer({ status: 206, headers: { etag: '"1"' }, cookies, body });
  if (!(response instanceof HttpResponse)) return expect.fail('The library copies the body.');
  expect(await response.arrayBuffer()).toBe(body);
  expect([response.status, response.headers.get('etag'), response.cookies]).toEqual([
    206,
    '"1"',
    cookies,
  ]);
});

test('a typed text reaches the library as bytes', async () => {
  const response = await answer({ headers: { 'content-type': 'text/plain' }, body: 'für' });
  if (!(response instanceof HttpResponse)) return expect.fail('The library makes a stream of it.');
  expect(await response.arrayBuffer()).toEqual(Buffer.from('für'));
  expect(response.headers.get('content-type')).toBe('text/plain');
});

test.each<HttpResponseInit>([
  { status: 200, body: 'a text whose type the library says' },
  { status: 200, headers: { 'content-type': 'text/plain' }, body: '' },
  { status: 204, headers: { 'content-type': 'text/plain' } },
])('any other answer stays what it is: %j', async (init) => {
  expect(await answer(init)).toBe(init);
});
