import { type AddressInfo, createServer } from 'node:net';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { serve } from '../../../local/serve.ts';
import { createResolve, type LookUp } from '../../../shared/webhooks/target/resolve.ts';
import { createSendWebhook } from '../../../shared/webhooks/target/send-webhook.ts';
import { createCheckTargetUrl } from '../../../shared/webhooks/target/target-url.ts';

const requests: string[] = [];
const receiver = await serve(({ url }) => {
  const { pathname } = new URL(url);
  requests.push(pathname);
  const status = Number(pathname.slice(1));
  const headers = status >= 300 && status < 400 ? { location: '/200' } : {};
  return new Response(pathname === '/201' ? 'x'.repeat(1_000_000) : null, { status, headers });
});
afterAll(receiver.stop);
const port = new URL(receiver.url).port;
const PUBLIC = { address: '93.184.215.14', family: 4 };
const PRIVATE = { address: '10.1.2.3', family: 4 };
const LOCAL = { address: '127.0.0.1', family: 4 };

/** Where loopback stands for the public internet, and everything else is not public. */
function createSend(lookUp: LookUp) {
  const resolve = createResolve(lookUp, (address) => address === LOCAL.address);
  return createSendWebhook({ resolve, allowLoopback: false, timeoutMs: 300 });
}

function post(url: string, lookUp: LookUp = () => Promise.resolve([LOCAL])) {
  return createSend(lookUp)({ url, headers: { 'webhook-id': 'msg_1' }, body: '{}' });
}

test.each([
  [200, { delivered: true, status: 200 }],
  [201, { delivered: true, status: 201 }],
  [302, { delivered: false, problem: 'redirected', status: 302 }],
  [307, { delivered: false, problem: 'redirected', status: 307 }],
  [400, { delivered: false, problem: 'bad_status', status: 400 }],
  [410, { delivered: false, problem: 'gone', status: 410 }],
  [500, { delivered: false, problem: 'bad_status', status: 500 }],
])('an answer of %i is judged, and no redirect followed', async (status, outcome) => {
  requests.length = 0;
  expect(await post(`http://hooks.example:${port}/${status}`)).toEqual(outcome);
  expect(requests).toEqual([`/${status}`]);
});

test('the connection goes to the address that was checked: one lookup, no second chance to rebind', async () => {
  const lookUp = vi.fn<LookUp>(() => Promise.resolve([PRIVATE]));
  lookUp.mockResolvedValueOnce([LOCAL]);
  expect(await post(`http://hooks.example:${port}/200`, lookUp)).toMatchObject({ delivered: true });
  expect(lookUp.mock.calls).toEqual([['hooks.example']]);
});

test.each([
  ['a private one', [PRIVATE]],
  ['a private one among public ones', [LOCAL, PRIVATE]],
  ['loopback in IPv6', [{ address: '::1', family: 6 }]],
])(
  "a receiver's host leads to a private address: nothing is sent when it has %s",
  async (_, addresses) => {
    requests.length = 0;
    const outcome = await post(`http://hooks.example:${port}/200`, () =>
      Promise.resolve(addresses),
    );
    expect(outcome).toMatchObject({ delivered: false, problem: 'address_refused' });
    expect(requests).toEqual([]);
  },
);

test.each(['10.0.0.1', '[::ffff:10.0.0.1]', '0x0a.1'])(
  'nothing is sent to %s, which needs no lookup',
  async (host) => {
    const outcome = await post(`http://${host}:${port}/200`);
    expect(outcome).toMatchObject({ problem: 'address_refused' });
  },
);

/** A receiver below HTTP: what it writes to each connection, and no more. */
async function writing(text: string | undefined): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    if (text !== undefined) socket.write(text);
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://hooks.example:${(server.address() as AddressInfo).port}/`;
}

const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';

test.each([
  ['never answers', undefined, { problem: 'timeout', status: undefined }],
  ['never ends its answer', 'HTTP/1.1 200 OK\r\n\r\n', { problem: 'timeout', status: undefined }],
  ['changes the protocol', SWITCHING, { problem: 'bad_status', status: 101 }],
  ['speaks on after it did', `${SWITCHING}hello`, { problem: 'bad_status', status: 101 }],
])('a receiver that %s holds nobody up', async (_, text, outcome) => {
  expect(await post(await writing(text))).toEqual({ delivered: false, ...outcome });
});

test('an answer that never ends is no longer read once it is long', async () => {
  const url = await writing(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(20_000)}`);
  expect(await post(url)).toEqual({ delivered: true, status: 200 });
});

test('headers that never end are cut off', async () => {
  const url = await writing(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(10_000)}`);
  expect(await post(url)).toMatchObject({ delivered: false, problem: 'unreachable' });
});

test.each([
  ['a closed port', 'http://hooks.example:1/'],
  ['plain http where TLS is spoken to', `https://hooks.example:${port}/`],
])('%s is unreachable', async (_, url) => {
  expect(await post(url)).toMatchObject({ delivered: false, problem: 'unreachable' });
});

test('a name that is not found is unreachable', async () => {
  const outcome = await post('https://hooks.example/', () =>
    Promise.reject(new Error('ENOTFOUND')),
  );
  expect(outcome).toMatchObject({ problem: 'unreachable' });
});

test.each([
  '0.0.0.1',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '168.63.129.16',
  '169.254.169.254',
  '172.31.255.255',
  '192.0.0.8',
  '192.168.0.1',
  '198.18.0.1',
  '203.0.113.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[::ffff:8.8.8.8]',
  '[64:ff9b::808:808]',
  '[64:ff9b:1::1]',
  '[100::1]',
  '[2001::1]',
  '[2001:db8::1]',
  '[2002:a00:1::]',
  '[3fff::1]',
  '[fc00::1]',
  '[fe80::1]',
  '[ff02::1]',
])('a receiver at %s is refused', async (host) => {
  const check = createCheckTargetUrl({
    resolve: createResolve(() => Promise.resolve([])),
    allowLoopback: false,
  });
  await expect(check(`https://${host}/`)).rejects.toThrow('not public');
});

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '[2606:4700::1111]', '[2a00:1450::1]'])(
  'a receiver at %s is taken',
  async (host) => {
    const resolve = createResolve(() => Promise.resolve([]));
    const check = createCheckTargetUrl({ resolve, allowLoopback: false });
    await expect(check(`https://${host}:8443/a?b`)).resolves.toBe(`https://${host}:8443/a?b`);
  },
);

test.each(['http://127.0.0.1:9000/', 'http://localhost/', 'http://[::1]:1/'])(
  '%s is taken in a sandbox only',
  async (url) => {
    const resolve = createResolve(() => Promise.resolve([PUBLIC]));
    await expect(createCheckTargetUrl({ resolve, allowLoopback: true })(url)).resolves.toBe(url);
    const check = createCheckTargetUrl({ resolve, allowLoopback: false });
    await expect(check(url)).rejects.toThrow('is not https');
  },
);
