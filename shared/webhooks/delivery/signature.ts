import { createHmac, randomBytes } from 'node:crypto';
import type { WebhookTarget } from '../target/target-seal.ts';

const PREFIX = 'whsec_';

/** A notification before it is signed. */
export interface WebhookMessage {
  /** Stable over retries, so that receivers know what they had. */
  readonly id: string;
  readonly body: string;
}

/** A new secret: `whsec_` and 32 random bytes in base64 (Standard Webhooks, "Signature scheme"). */
export function createWebhookSecret(): string {
  return `${PREFIX}${randomBytes(32).toString('base64')}`;
}

/**
 * The headers of the Standard Webhooks specification. A secret that was just replaced signs too.
 */
export function toSignatureHeaders(
  { id, body }: WebhookMessage,
  { secret, previous }: Omit<WebhookTarget, 'url'>,
  now: number,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const secrets = previous && previous.until > now ? [secret, previous.secret] : [secret];
  const sign = (one: string) =>
    createHmac('sha256', Buffer.from(one.slice(PREFIX.length), 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((one) => `v1,${sign(one)}`).join(' '),
  };
}
