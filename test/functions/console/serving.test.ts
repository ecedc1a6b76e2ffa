import { request } from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { startEnvironment } from '../set-up.ts';

const { sandbox } = await startEnvironment();

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** One request as it is on the wire: nothing is decompressed. */
function send(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<Answer>((resolve, reject) => {
    const sent = request(`${sandbox.url}${path}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on('error', reject).end();
  });
}

const page = (await send('/')).body.toString();
const [script = ''] = /\/assets\/console-\w+\.js/.exec(page) ?? [];

test('the page is served at the root, with its policy, never from a cache unasked', async () => {
  const { status, headers } = await send('/');
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    200,
    'text/html; charset=utf-8',
    'no-cache',
  ]);
  expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['strict-transport-security']).toBe('max-age=31536000');
});

test('what is there already is not sent again', async () => {
  const { headers } = await send('/');
  const again = await send('/', { 'if-none-match': String(headers.etag) });
  expect([again.status, again.body.byteLength]).toEqual([304, 0]);
});

test('an asset is kept for a year, and its name is a hash of its content', async () => {
  const { status, headers } = await send(script);
  expect([status, headers['cache-control'], headers['content-type']]).toEqual([
    200,
    'public, max-age=31536000, immutable',
    'text/javascript; charset=utf-8',
  ]);
});

test('who accepts Brotli gets the same bytes compressed', async () => {
  const plain = await send(script);
  const packed = await send(script, { 'accept-encoding': 'gzip, br;q=0.9' });
  expect(packed.headers['content-encoding']).toBe('br');
  expect(packed.headers.vary).toBe('accept-encoding');
  expect(brotliDecompressSync(packed.body)).toEqual(plain.body);
});

test.each(['identity', 'br;q=0', 'gzip'])('who does not, gets them plain: %s', async (coding) => {
  const answer = await send(script, { 'accept-encoding': coding });
  expect(answer.headers['content-encoding']).toBe(undefined);
});

test('HEAD is answered as GET, without the body', async () => {
  const { status, headers, body } = await send(script, {}, 'HEAD');
  expect([status, body.byteLength]).toEqual([200, 0]);
  expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
});

test.each([
  '/assets/console.js',
  `${script}.br`,
  '/assets/..%2Findex.html',
  '/assets/..%5Cindex.cjs',
  '/assets/__proto__',
  '/assets/constructor',
])('nothing else can be fetched: %s', async (path) => {
  expect((await send(path)).status).toBe(404);
});

test('page, script and style sheet are 90 KB at most on the wire', async () => {
  const [style = ''] = /\/assets\/style-\w+\.css/.exec(page) ?? [];
  const packed = await Promise.all(
    ['/', script, style].map((path) => send(path, { 'accept-encoding': 'br' })),
  );
  const bytes = packed.reduce((sum, { body }) => sum + body.byteLength, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(90 * 1024);
});
