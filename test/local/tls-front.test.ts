import { expect, test } from 'vitest';
import { serve } from '../../local/serve.ts';
import { startTlsFront } from '../../local/tls/tls-front.ts';

test('a connection stays open as long as that of the host behind', async () => {
  const host = await serve(() => new Response('up'));
  const front = await startTlsFront(0, Number(new URL(host.url).port));
  const response = await fetch(front.url);
  await front.stop();
  await host.stop();
  // The host behind says five seconds, of its own connection.
  expect(response.headers.get('keep-alive')).toBe('timeout=130');
});
