import { expect, test } from 'vitest';
import { toNotificationHeaders } from '../../../shared/webhooks/delivery/notification-headers.ts';
import { createWebhookSecret } from '../../../shared/webhooks/delivery/signature.ts';

test('a notification says its type, who sends it, and its signature', () => {
  const target = { url: 'https://a.example', secret: createWebhookSecret(), previous: undefined };
  expect(toNotificationHeaders({ id: 'msg_1', body: '{}' }, target, 1_800_000_000_000)).toEqual({
    'content-type': 'application/json',
    'user-agent': 'partner-broker',
    'webhook-id': 'msg_1',
    'webhook-timestamp': '1800000000',
    'webhook-signature': expect.stringMatching(/^v1,[A-Za-z\d+/]{43}=$/),
  });
});
