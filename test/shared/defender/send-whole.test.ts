import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { createSendWhole } from '../../../shared/defender/send-whole.ts';
import { toBytes } from '../../../shared/proxy/whole-body.ts';
import { createBrokenServer } from '../../support/broken-server.ts';

const servers: { stop: () => void }[] = [];
afterAll(() => {
  for (const { stop } of servers) stop();
});

/** A server that answers each request with the next of these bytes, and how to ask it. */
async function setUp(...answers: readonly (string | Buffer | ((socket: Socket) => void))[]) {
  const server = await createBrokenServer(answers);
  servers.push(server);
  const send = createSendWhole();
  const grown: number[] = [];
  const limits = {
    timeoutMs: 3000,
    idleTimeoutMs: 1000,
    maxBytes: 100_000,
    grow: (bytes: number) => void grown.push(bytes),
  };
  const ask = async (method = 'GET', body?: ArrayBuffer) => {
    const url = new URL('/x', server.url);
    const answer = await send({ url, method, headers: {}, body }, limits);
    return { status: answer.status, text: Buffer.from(toBytes(answer.body)).toString() };
  };
  return { ask, grown, server };
}

function toAnswer(body: string | Buffer, headers = ''): Buffer {
  const bytes = Buffer.from(body);
  const head = `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

test('connections are kept, and each answer is that of its own request', async () => {
  const { ask, server } = await setUp(toAnswer('one'), toAnswer('two'));
  expect([await ask(), await ask()]).toEqual([
    { status: 200, text: 'one' },
    { status: 200, text: 'two' },
  ]);
  expect(server.connections()).toBe(1);
});

test('an answer that nobody asked for is given to nobody', async () => {
  const unasked = (socket: Socket) => {
    socket.write(toAnswer('one'), () => setTimeout(() => socket.write(toAnswer('stolen')), 50));
  };
  const { ask, server } = await setUp(unasked, toAnswer('two'));
  await ask();
  await server.closed();
  expect((await ask()).text).toBe('two');
  expect(server.connections()).toBe(2);
});

test('an answer that is longer than it says ends its connection', async () => {
  const longer = Buffer.concat([toAnswer('one'), toAnswer('stolen')]);
  const { ask, server } = await setUp(longer, toAnswer('two'));
  await ask().catch(() => undefined);
  await server.closed();
  expect((await ask()).text).toBe('two');
});

test('a kept connection that the server has closed is replaced for a GET', async () => {
  const { ask, server } = await setUp(
    toAnswer('one'),
    (socket) => socket.resetAndDestroy(),
    toAnswer('two'),
  );
  await ask();
  expect((await ask()).text).toBe('two');
  expect(server.connections()).toBe(2);
});

test('a change is not sent twice', async () => {
  const { ask, server } = await setUp(toAnswer('one'), (socket) => socket.resetAndDestroy());
  await ask('POST', new ArrayBuffer(2));
  await expect(ask('POST', new ArrayBuffer(2))).rejects.toThrow();
  expect(server.requests()).toHaveLength(2);
});

test('a body says its length, also of a DELETE', async () => {
  const { ask, server } = await setUp(toAnswer('one'));
  await ask('DELETE', new TextEncoder().encode('{"a":1}').buffer);
  expect(server.requests()[0]).toMatch(
    /^DELETE [\s\S]*content-length: 7\r\n[\s\S]*\r\n\{"a":1\}$/i,
  );
});

test.each([
  ['identity', '{"a":"ü"}'],
  ['GZIP', gzipSync('{"a":"ü"}')],
  ['gzip', gzipSync('{"a":"ü"}')],
  ['x-gzip', gzipSync('{"a":"ü"}')],
  ['deflate', deflateSync('{"a":"ü"}')],
  ['br', brotliCompressSync('{"a":"ü"}')],
])('an answer in %s is decoded', async (encoding, bytes) => {
  const { ask } = await setUp(toAnswer(bytes, `Content-Encoding: ${encoding}\r\n`));
  expect((await ask()).text).toBe('{"a":"ü"}');
});

test.each([
  ['of an unknown encoding', toAnswer('x', 'Content-Encoding: zpaq\r\n')],
  ['that is no gzip', toAnswer('x', 'Content-Encoding: gzip\r\n')],
  ['that is cut off', toAnswer('x').subarray(0, -1)],
  ['that switches protocols', 'HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
  ['that is no HTTP', 'hello\r\n\r\n'],
])('an answer %s is no answer', async (_, bytes) => {
  const { ask } = await setUp((socket) => void socket.end(bytes));
  await expect(ask()).rejects.toThrow();
});

test('a small answer that unfolds to a large one is cut off where the limit is', async () => {
  const bomb = toAnswer(gzipSync(Buffer.alloc(50_000_000)), 'Content-Encoding: gzip\r\n');
  const { ask, grown } = await setUp(bomb);
  await expect(ask()).rejects.toMatchObject({ code: 'response_too_large' });
  expect(grown.reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(100_000);
});
