import { createHmac, timingSafeEqual } from 'node:crypto';

/** A notification as it arrived. */
export interface Arrived {
  readonly headers: Headers;
  /** The body as it was sent: JSON that was parsed and written again may differ. */
  readonly text: string;
}

/**
 * An older one may be a copy that somebody kept (Standard Webhooks, "Verifying webhook
 * authenticity").
 */
const OLDEST_SECONDS = 300;

/**
 * What a receiver does first: whether the broker signed these very bytes with this secret, just now
 * (epoch milliseconds).
 */
export function verifyWebhook({ headers, text }: Arrived, secret: string, now: number): boolean {
  const id = headers.get('webhook-id');
  const timestamp = headers.get('webhook-timestamp');
  const isFresh = Math.abs(now / 1000 - Number(timestamp)) <= OLDEST_SECONDS;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.${text}`).digest();
  // For a day after a secret was replaced there are two.
  const signatures = (headers.get('webhook-signature') ?? '').split(' ');
  return isFresh && signatures.some((signature) => isSame(signature, wanted));
}

function isSame(signature: string, wanted: Buffer): boolean {
  const [version, value = ''] = signature.split(',');
  const bytes = Buffer.from(value, 'base64');
  return version === 'v1' && bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
}
