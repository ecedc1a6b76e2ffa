import { randomUUID } from 'node:crypto';
import { toNotificationHeaders } from '../delivery/notification-headers.ts';
import type { Subscription } from '../subscription.ts';
import type { SendOutcome } from '../target/send-webhook.ts';
import type { AdministrationParts } from './administration-parts.ts';

/** Sends a notification without a number. */
export async function testSubscription(
  parts: AdministrationParts,
  subscription: Subscription,
): Promise<SendOutcome> {
  const { id, sealed } = subscription;
  const target = await parts.seal.open(subscription, sealed);
  if (!target) return { delivered: false, problem: 'key_lost', status: undefined };
  const stop = await parts.owners.findStop(subscription, target.url);
  if (stop) return { delivered: false, problem: stop, status: undefined };
  const body = JSON.stringify({ type: 'subscription.test', subscription_id: id });
  const message = { id: `msg_${randomUUID()}`, body };
  const headers = toNotificationHeaders(message, target, parts.now());
  return await parts.send({ url: target.url, headers, body });
}
