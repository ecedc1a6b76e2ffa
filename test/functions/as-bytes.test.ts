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

test('any other answer stays what it is', async () => {
  const init = { status: 200, body: 'text' };
  expect(await answer(init)).toBe(init);
});
