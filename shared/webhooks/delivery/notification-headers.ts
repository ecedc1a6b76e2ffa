import type { WebhookTarget } from '../target/target-seal.ts';
import { toSignatureHeaders, type WebhookMessage } from './signature.ts';

/**
 * Every header of a notification but its length; tests of subscriptions send the same. A further
 * header is a line here, and one in docs/architecture/webhooks.md.
 */
export function toNotificationHeaders(
  message: WebhookMessage,
  target: WebhookTarget,
  now: number,
): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    'user-agent': 'partner-broker',
    ...toSignatureHeaders(message, target, now),
  };
}
