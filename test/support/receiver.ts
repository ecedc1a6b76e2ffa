import { createHmac } from 'node:crypto';
import { type Served, serve } from '../../local/serve.ts';

/** A notification as it arrived. */
interface Arrived {
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever was sent
  readonly body: any;
}

/** A receiver of webhooks on loopback; `answer` says what it answers next. */
interface Receiver extends Served {
  readonly arrived: Arrived[];
  /** The numbers of what was taken, in order. */
  readonly sequences: () => readonly number[];
  answer: () => Response | Promise<Response>;
}

/** Starts a receiver that takes everything. */
export async function startReceiver(): Promise<Receiver> {
  const arrived: Arrived[] = [];
  const served = await serve(async (request) => {
    const text = await request.text();
    const response = await receiver.answer();
    if (response.ok) arrived.push({ headers: request.headers, text, body: JSON.parse(text) });
    return response;
  });
  const receiver: Receiver = {
    ...served,
    arrived,
    sequences: () => arrived.map(({ body }) => body.sequence),
    answer: () => new Response(null, { status: 204 }),
  };
  return receiver;
}

/**
 * What a receiver computes to check a signature ("Standard Webhooks", verifying), without any of
 * our code.
 */
export function computeSignature({ headers, text }: Arrived, secret: string): string {
  const signed = `${headers.get('webhook-id')}.${headers.get('webhook-timestamp')}.${text}`;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
