import { expect, test } from 'vitest';
import { tellReceiver } from '../../local/demo/chapters/webhooks.ts';
import { verifyWebhook } from '../../local/demo/verify-webhook.ts';
import {
  createWebhookSecret,
  toSignatureHeaders,
} from '../../shared/webhooks/delivery/signature.ts';

const SECRET = createWebhookSecret();
const NOW = Date.UTC(2026, 10, 21);
const text = '{"sequence":1}';

/** What the broker sends at a time, signed with both secrets where one was replaced. */
function sign(at: number, secret = SECRET, before?: string) {
  const previous = before === undefined ? undefined : { secret: before, until: at + 1 };
  const message = { id: 'msg_1', body: text };
  return { headers: new Headers(toSignatureHeaders(message, { secret, previous }, at)), text };
}

test('a receiver takes what was signed just now, also while the secret is being replaced', () => {
  expect(verifyWebhook(sign(NOW), SECRET, NOW + 299_000)).toBe(true);
  expect(verifyWebhook(sign(NOW, createWebhookSecret(), SECRET), SECRET, NOW)).toBe(true);
});

const unsigned = { headers: new Headers(), text };

test.each([
  ['another secret', sign(NOW, createWebhookSecret())],
  ['another body', { ...sign(NOW), text: '{"sequence":2}' }],
  ['an old time', sign(NOW - 301_000)],
  ['no signature', unsigned],
])('a receiver refuses %s', (_, arrived) => {
  expect(verifyWebhook(arrived, SECRET, NOW)).toBe(false);
});

test('the step fails when nothing arrives, and takes the subscription back', async () => {
  const called: string[] = [];
  const created = { subscription_id: 'one', secret: SECRET };
  const scene = {
    customers: { fabrikam: { tenantId: 'fabrikam' } },
    call: (request: string) => {
      called.push(request);
      const status = request.startsWith('POST') ? 201 : 200;
      return Promise.resolve({ request, status, body: created });
    },
    pause: () => Promise.resolve(),
  };
  const about = { change: { sequence: 1, kind: 'updated' }, since: NOW };
  const notes = { report: () => undefined, patience: 20 };
  // biome-ignore lint/suspicious/noExplicitAny: all that the step looks at
  const told = tellReceiver(scene as any, about as any, notes);
  await expect(told).rejects.toThrow('Expected: a signed notification');
  expect(called).toEqual(['POST /subscriptions', 'DELETE /subscriptions/one']);
});
