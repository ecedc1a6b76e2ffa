import { expect, test } from 'vitest';
import {
  createWebhookSecret,
  toSignatureHeaders,
} from '../../../shared/webhooks/delivery/signature.ts';

const MESSAGE = { id: 'msg_1', body: '{}' };
const secret = createWebhookSecret();
const previous = { secret: createWebhookSecret(), until: 2000 };

function sign(now: number, target: Parameters<typeof toSignatureHeaders>[1]) {
  return toSignatureHeaders(MESSAGE, target, now)['webhook-signature'];
}

test('a secret that was replaced signs until its day is over, and not a moment longer', () => {
  const alone = { secret, previous: undefined };
  const before = sign(1999, { secret: previous.secret, previous: undefined });
  expect(sign(1999, { secret, previous })).toBe(`${sign(1999, alone)} ${before}`);
  expect(sign(2000, { secret, previous })).toBe(sign(2000, alone));
});
