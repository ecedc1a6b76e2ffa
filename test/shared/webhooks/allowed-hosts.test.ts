import { expect, test } from 'vitest';
import { isHostAllowed, parseWebhookHosts } from '../../../shared/callers/webhook-hosts.ts';

test.each([
  ['https://hook.example.com/x', ['hook.example.com'], true],
  ['https://hook.example.com:8443/x', ['hook.example.com'], true],
  ['https://HOOK.example.com/', ['hook.example.com'], true],
  ['https://a.b.example.com/', ['*.example.com'], true],
  ['https://example.com/', ['*.example.com'], false],
  ['https://evilexample.com/', ['*.example.com'], false],
  ['https://hook.example.com.evil.example/', ['hook.example.com'], false],
  ['https://user@hook.example.com.evil.example/', ['*.example.com'], false],
  ['https://anywhere.example/', undefined, true],
  ['https://anywhere.example/', [], false],
])('%s is allowed by %j: %s', (url, hosts, isAllowed) => {
  expect(isHostAllowed(hosts, url)).toBe(isAllowed);
});

test('hosts are kept as URLs have them, each once', () => {
  const hosts = ['Hook.Example.COM', 'hook.example.com', '*.bücher.example', '[::1]', '127.0.0.1'];
  expect(parseWebhookHosts(hosts)).toEqual([
    'hook.example.com',
    '*.xn--bcher-kva.example',
    '[::1]',
    '127.0.0.1',
  ]);
});

test.each([
  '*',
  '*.com',
  'a*.example.com',
  'https://a.example',
  'a.example/x',
  'a b',
  '',
  'a..b',
  '.a',
])('%j is no host', (host) => {
  expect(() => parseWebhookHosts([host])).toThrow('names something that is no host');
});
