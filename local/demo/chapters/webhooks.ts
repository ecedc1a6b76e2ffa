import * as v from 'valibot';
import { serve } from '../../serve.ts';
import { type Change, expectAnswer, notificationSchema, subscriptionSchema } from '../answers.ts';
import { DemoError, expectSame } from '../demo-error.ts';
import type { Notes } from '../progress.ts';
import type { Scene } from '../scene.ts';
import { type Arrived, verifyWebhook } from '../verify-webhook.ts';

/** The local host looks into an idle queue every two seconds; the rest is for a busy machine. */
const PATIENCE = 20_000;
const INTERVAL = 50;

/** Subscribes a receiver and asserts that it is told a change of Fabrikam's, signed, and takes no copy that was changed. */
export async function tellReceiver(
  scene: Scene,
  { change, since }: { readonly change: Change; readonly since: number },
  { report, patience = PATIENCE }: Pick<Notes, 'report'> & { readonly patience?: number },
): Promise<void> {
  const receiver = await startReceiver(report);
  try {
    const asked = await scene.call('POST /subscriptions', {
      url: receiver.url,
      filter: { tenants: [scene.customers.fabrikam.tenantId], kinds: [change.kind] },
      since: new Date(since).toISOString(),
    });
    const { subscription_id: id, secret } = expectAnswer(asked, 201, subscriptionSchema);
    try {
      receiver.trust(secret);
      const told = await waitFor(scene, () => receiver.find(change.sequence), patience);
      await expectForgeryRefused(scene, receiver.url, told);
      report('The same with another number and the old signature: refused');
    } finally {
      const removed = await scene.call(`DELETE /subscriptions/${id}`);
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
  { pause }: Scene,
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
  { fetch }: Scene,
  url: string,
  { headers, text }: Arrived,
): Promise<void> {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  const kept = names.map((name): [string, string] => [name, headers.get(name) ?? '']);
  const body = text.replace(/"sequence":\d+/, '"sequence":0');
  const { status } = await fetch(url, { method: 'POST', headers: kept, body });
  expectSame('the answer to a forged notification', status, 401);
}
