import { describe, expect, it } from 'vitest';
import { toHead } from './raw.ts';
import { setUpObserved } from './set-up.ts';

async function setUpHost() {
  const { get, send } = await setUpObserved();
  const ask = (kind: string, method = 'GET') =>
    send(toHead(`${method} /answer/${kind} HTTP/1.1`, 'Host: app.test'));
  return { get, ask };
}

describe('an answer', () => {
  it('keeps only the last of two set-cookie headers', async () => {
    const { get } = await setUpHost();

    const { headers } = await get('/answer/twoCookieHeaders');

    expect(headers.getSetCookie()).toEqual(['b=2']);
  });

  it('keeps all cookies, their values escaped', async () => {
    const { get } = await setUpHost();

    const { headers } = await get('/answer/cookies');

    expect(headers.getSetCookie()).toEqual(['a=1%202; path=/', 'b=%C3%BC; path=/']);
  });

  it('has repeated headers joined', async () => {
    const { get } = await setUpHost();

    const { headers } = await get('/answer/repeatedHeader');

    expect(headers.get('via')).toBe('one, two');
  });

  it('goes out in chunks', async () => {
    const { ask } = await setUpHost();

    const { head, body } = await ask('text');

    expect(head).toMatch(/^Transfer-Encoding: chunked$/im);
    expect(head).not.toMatch(/^Content-Length/im);
    expect(body).toBe('4\r\ntext\r\n0\r\n\r\n');
  });

  it('goes out whole where the app says its length', async () => {
    const { ask } = await setUpHost();

    const { head, body } = await ask('long');

    expect(head).not.toMatch(/^Transfer-Encoding/im);
    expect([/^content-length: (.*)$/im.exec(head)?.[1], body]).toEqual(['4', 'text']);
  });

  it('to HEAD keeps the length that the app set, and says none by itself', async () => {
    const { ask } = await setUpHost();

    const [long, text] = await Promise.all([ask('long', 'HEAD'), ask('text', 'HEAD')]);

    expect([/^content-length: (.*)$/im.exec(long.head)?.[1], long.body]).toEqual(['4', '']);
    expect(text.head).not.toMatch(/^(content-length|transfer-encoding)/im);
  });

  it('has Server and Date, unless the app sets them', async () => {
    const { get } = await setUpHost();

    const [usual, own] = await Promise.all([get('/answer/text'), get('/answer/ownServer')]);

    expect(usual.headers.get('server')).toBe('Kestrel');
    expect(Date.parse(usual.headers.get('date') ?? '')).toBeGreaterThan(0);
    expect([own.headers.get('server'), own.headers.get('date')]).toEqual([
      'me',
      'Thu, 01 Jan 1970 00:00:00 GMT',
    ]);
  });

  it('is broken when the app sets Transfer-Encoding', async () => {
    const { get } = await setUpHost();

    const response = await get('/answer/framedByApp');

    await expect(response.text()).rejects.toThrow('terminated');
  });

  it.each([
    ['undefined', 204],
    ['null', 204],
    ['empty', 200],
    ['string', 500],
    ['number', 500],
    ['status100', 500],
    ['status999', 500],
    ['notAscii', 500],
    ['notPrintable', 500],
    ['tooLong', 500],
  ])('of %s is %i and empty', async (kind, status) => {
    const { get } = await setUpHost();

    const response = await get(`/answer/${kind}`);

    expect([response.status, await response.text()]).toEqual([status, '']);
  });
});
