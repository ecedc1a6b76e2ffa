import { describe, expect, it } from 'vitest';
import { parseEcho, toHead } from './raw.ts';
import { setUpObserved } from './set-up.ts';

describe('a request', () => {
  it('arrives with repeated headers and cookies joined by a comma', async () => {
    const { send } = await setUpObserved();
    const lines = ['Host: app.test', 'X-A: 1', 'x-a: 2', 'Cookie: a=1; b=2', 'Cookie: c=3'];

    const { body } = await send(toHead('GET /nameless HTTP/1.1', ...lines));

    expect(parseEcho(body).headers).toMatchObject({ 'x-a': '1,2', cookie: 'a=1; b=2,c=3' });
  });

  it('arrives with its headers as sent, and http in its URL whatever the proxy says', async () => {
    const { send } = await setUpObserved();
    const lines = ['Host: app.test', 'X-Forwarded-Proto: https', 'Authorization: Bearer x'];

    const { body } = await send(toHead('GET /nameless HTTP/1.1', ...lines));

    expect(parseEcho(body)).toMatchObject({
      url: 'http://app.test/nameless',
      headers: { 'x-forwarded-proto': 'https', authorization: 'Bearer x', host: 'app.test' },
    });
  });

  it('arrives empty when its body is chunked, with a Content-Length under another name', async () => {
    const { send } = await setUpObserved();
    const lines = ['Host: app.test', 'Content-Length: 3', 'Transfer-Encoding: chunked'];
    const head = toHead('POST /api/tenants/t/token HTTP/1.1', ...lines);

    const { body } = await send(`${head}2\r\nhi\r\n0\r\n\r\n`);

    const echo = parseEcho(body);
    expect(echo).toMatchObject({ body: '', headers: { 'x-content-length': '3' } });
    expect(echo.headers).not.toHaveProperty('content-length');
  });

  it('has its headers read as UTF-8', async () => {
    const { send } = await setUpObserved();

    const { body } = await send(toHead('GET /nameless HTTP/1.1', 'Host: a', 'X-Name: \xc3\xa9'));

    expect(parseEcho(body).headers['x-name']).toBe('é');
  });

  it('may name its whole address', async () => {
    const { send } = await setUpObserved();

    const { body } = await send(
      toHead('GET http://app.test/nameless?a=1 HTTP/1.1', 'Host: app.test'),
    );

    expect(parseEcho(body)).toMatchObject({ url: 'http://app.test/nameless?a=1' });
  });

  it.each([
    { what: 'a request line over 8 KB', line: `GET /${'a'.repeat(8192)} HTTP/1.1`, status: 414 },
    { what: 'headers of 33 KB', headers: [`X-A: ${'a'.repeat(33 * 1024)}`], status: 431 },
    { what: 'two Host headers', headers: ['Host: app.test'], status: 400 },
    { what: 'a whole address of another host', line: 'GET http://b/x HTTP/1.1', status: 400 },
    { what: 'a header that is no UTF-8', headers: ['X-A: \xff'], status: 400 },
    { what: 'a header with a NUL', headers: ['X-A: a\0b'], status: 400 },
    { what: 'a target without a slash', line: 'GET nameless HTTP/1.1', status: 400 },
    { what: 'another protocol', line: 'rubbish', status: 400 },
    { what: 'HTTP/3', line: 'GET /nameless HTTP/3.0', status: 505 },
    { what: 'a tunnel', line: 'CONNECT app.test:443 HTTP/1.1', status: 404 },
    { what: 'an asterisk', line: 'OPTIONS * HTTP/1.1', status: 404 },
  ])('with $what is $status', async ({ line = 'GET /nameless HTTP/1.1', headers = [], status }) => {
    const { send } = await setUpObserved();

    const answer = await send(toHead(line, 'Host: app.test', ...headers));

    expect([answer.status, answer.body]).toEqual([status, '']);
  });

  it.each([
    ['HTTP/1.1', 400],
    ['HTTP/1.0', 500],
  ])('of %s without Host is %i', async (version, status) => {
    const { send } = await setUpObserved();

    expect(await send(toHead(`GET /nameless ${version}`))).toMatchObject({ status });
  });

  it('of HTTP/1.0 with Host is answered without chunks', async () => {
    const { send } = await setUpObserved();

    const { head, body } = await send(toHead('GET /nameless HTTP/1.0', 'Host: app.test'));

    expect(head).not.toMatch(/transfer-encoding/i);
    expect(JSON.parse(body)).toMatchObject({ name: 'nameless' });
  });

  it('of a body over 100 MB is 500 and ends the connection, before the body is read', async () => {
    const { send } = await setUpObserved();
    const [line, host] = ['POST /api/tenants/t/token HTTP/1.1', 'Host: app.test'];

    const answer = await send(`${line}\r\n${host}\r\nContent-Length: 104857601\r\n\r\n`);

    expect([answer.status, answer.body]).toEqual([500, '']);
    expect(answer.head).toMatch(/^Connection: close$/im);
  });
});
