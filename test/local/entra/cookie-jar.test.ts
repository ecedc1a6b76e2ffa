import { expect, test } from 'vitest';
import { createCookieJar } from '../../../local/entra/cookie-jar.ts';

const https = new URL('https://broker.example/api/consent');
const http = new URL('http://localhost:7071/api/consent');

test.each<[string, URL, string, URL, string]>([
  ['keeps a cookie for all ports of a host', http, 'a=1', new URL('http://localhost:9/'), 'a=1'],
  ['keeps a cookie from other hosts', https, 'a=1', http, ''],
  ['takes no Secure cookie over http', http, 'a=1; Secure', http, ''],
  ['takes a __Host- cookie over https', https, '__Host-a=1; Secure; Path=/', https, '__Host-a=1'],
  ['takes no __Host- cookie with a path', https, '__Host-a=1; Secure; Path=/api', https, ''],
  ['sends no cookie outside of its path', http, 'a=1; Path=/other', http, ''],
  ['sends a cookie inside of its path', http, 'a=1; Path=/api', http, 'a=1'],
  ['drops a cookie with Max-Age=0', http, 'a=1; Max-Age=0', http, ''],
])('the cookie jar %s', (...[, from, setCookie, to, expected]) => {
  const jar = createCookieJar();

  jar.store(from, [setCookie]);

  expect(jar.header(to)).toBe(expected);
});
