import * as v from 'valibot';
import { serve } from '../../serve.ts';
import { type Change, expectAnswer, notificationSchema, subscriptionSchema } from '../answers.ts';
import type { DemoContext } from '../context.ts';
import { DemoError, expectSame } from '../demo-error.ts';
import type { Notes } from '../progress.ts';
import { type Arrived, verifyWebhook } from '../verify-webhook.ts';

/** The local host looks into an idle queue every two seconds; the rest is for a busy machine. */
const TIMEOUT_MS = 20_000;
const INTERVAL = 50;

/**
 * Subscribes a receiver and asserts that it is told a change of Fabrikam's, signed, and takes no
 * copy that was changed.
 */
export async function tellReceiver(
  context: DemoContext,
  { change, since }: { readonly change: Change; readonly since: number },
  { report, patience = TIMEOUT_MS }: Pick<Notes, 'report'> & { readonly patience?: number },
): Promise<void> {
  const receiver = await startReceiver(report);
  try {
    const asked = await context.call('POST /subscriptions', {
      url: receiver.url,
      filter: { tenants: [context.customers.fabrikam.tenantId], kinds: [change.kind] },
      since: new Date(since).toISOString(),
    });
    const { subscription_id: id, secret } = expectAnswer(asked, 201, subscriptionSchema);
    try {
      receiver.trust(secret);
      const told = await waitFor(context, () => receiver.find(change.sequence), patience);
      await expectForgeryRefused(context, receiver.url, told);
      report('The same with another number and the old signature: refused');
    } finally {
      const removed = await context.call(`DELETE /subscriptions/${id}`);
      expectSame('the answer to the end of the subscription', removed.status, 200);
    }
  } finally {
    await receiver.stop();
  }
}

/** A receiver of the partner's: verifies first, answers, and shows what it was told. */
async function startReceiver(report: Notes['report']) {
  const secret = Promise.withResolvers<string>();
  const taken = new Map<number, Arrived>();
  const { url, stop } = await serve(async (request) => {
    const arrived = { headers: request.headers, text: await request.text() };
    if (!verifyWebhook(arrived, await secret.promise, Date.now())) {
      return new Response(null, { status: 401 });
    }
    const { sequence, change } = v.parse(notificationSchema, JSON.parse(arrived.text));
    const what = `${change.kind} ${change.incident.incident_id}`;
    report(`Notification ${sequence}, signature verified: change ${change.sequence}, ${what}`);
    taken.set(change.sequence, arrived);
    return new Response(null, { status: 204 });
  });
  return { url, stop, trust: secret.resolve, find: (sequence: number) => taken.get(sequence) };
}

async function waitFor(
  { pause }: DemoContext,
  find: () => Arrived | undefined,
  patience: number,
): Promise<Arrived> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    const found = find();
    if (found) return found;
    await pause(INTERVAL);
  }
  throw new DemoError(
    `Expected: a signed notification of the change\nGot: none in ${patience / 1000} s`,
  );
}

/** Sends what arrived once more with another content. */
async function expectForgeryRefused(
  { fetch }: DemoContext,
  url: string,
  { headers, text }: Arrived,
): Promise<void> {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  const kept = names.map((name): [string, string] => [name, headers.get(name) ?? '']);
  const body = text.replace(/"sequence":\d+/, '"sequence":0');
  const { status } = await fetch(url, { method: 'POST', headers: kept, body });
  expectSame('the answer to a forged notification', status, 401);
}
