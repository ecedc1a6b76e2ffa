import { serve } from '../../local/serve.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { settleAll } from '../../shared/concurrency.ts';
import {
  createWebhookSecret,
  toSignatureHeaders,
} from '../../shared/webhooks/delivery/signature.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { measureInTurn } from '../support/statistics.ts';
import { withStorage } from '../support/storage.ts';
import { readQueueConcurrency } from '../support/sync-fixture.ts';
import { createWebhookFixture, send } from '../support/webhook-fixture.ts';

const ROUNDS = 5;

/**
 * A receiver that takes everything at once but what is posted to `/dead`: that hangs until it is
 * let go.
 */
async function startReceiver() {
  const taken: { readonly id: string; readonly body: string }[] = [];
  let hanging = Promise.withResolvers<void>();
  let full = Promise.withResolvers<void>();
  let wanted = 0;
  const served = await serve(async (request) => {
    if (request.url.endsWith('/dead')) {
      await hanging.promise;
      return new Response(null, { status: 503 });
    }
    taken.push({ id: request.headers.get('webhook-id') ?? '', body: await request.text() });
    if (taken.length === wanted) full.resolve();
    return new Response(null, { status: 204 });
  });
  return {
    ...served,
    taken,
    /** Forgets what came; resolves when as many have come anew. */
    expect(count: number): Promise<void> {
      taken.length = 0;
      wanted = count;
      full = Promise.withResolvers();
      return full.promise;
    },
    letGo() {
      hanging.resolve();
      hanging = Promise.withResolvers();
    },
  };
}

interface Scenario {
  readonly fixture: Awaited<ReturnType<typeof createWebhookFixture>>;
  readonly receiver: Awaited<ReturnType<typeof startReceiver>>;
  readonly concurrency: number;
  readonly subscriptions: number;
  readonly count: number;
}

/** Milliseconds until every living subscription has everything; the dead one goes first. */
async function deliverAll(stage: Scenario, isOneDead: boolean): Promise<number> {
  const { fixture, receiver, concurrency, subscriptions, count } = stage;
  const urls = Array.from({ length: subscriptions }, () => `${receiver.url}/live`);
  const ids = await Promise.all(
    [...(isOneDead ? [`${receiver.url}/dead`] : []), ...urls].map(fixture.subscribe),
  );
  const arrived = receiver.expect(count);
  const startedAt = performance.now();
  const runs = settleAll(ids, concurrency, fixture.deliver);
  // Runs that all ended without it would be waited for in vain.
  await Promise.race([arrived, runs]);
  const took = performance.now() - startedAt;
  receiver.letGo();
  await runs;
  if (receiver.taken.length !== count)
    throw new Error(`${receiver.taken.length} of ${count} came.`);
  await Promise.all(ids.map(fixture.remove));
  return took;
}

/**
 * The floor: the same bodies, signed and posted by the same sender, as many at once, and nothing
 * else.
 */
async function postAll({ receiver, concurrency, count }: Scenario): Promise<number> {
  const messages = [...receiver.taken];
  const secret = createWebhookSecret();
  const arrived = receiver.expect(count);
  const startedAt = performance.now();
  await settleAll(messages, concurrency, async (message) => {
    const headers = toSignatureHeaders(message, { secret, previous: undefined }, Date.now());
    await send({ url: `${receiver.url}/live`, headers, body: message.body });
  });
  await arrived;
  return performance.now() - startedAt;
}

async function measure(stage: Scenario): Promise<readonly Row[]> {
  await deliverAll(stage, false);
  const medians = await measureInTurn(
    new Map([
      ['calm', () => deliverAll(stage, false)],
      ['bare', () => postAll(stage)],
      ['dead', () => deliverAll(stage, true)],
    ]),
    ROUNDS,
  );
  const toRate = (name: string) => {
    const value = (stage.count / (medians.get(name) ?? Number.NaN)) * 1000;
    return { value, unit: 'deliveries/s' };
  };
  const [calm, bare, dead] = [toRate('calm'), toRate('bare'), toRate('dead')];
  return [
    {
      what: 'deliveries through the outbox',
      measured: calm,
      against: { name: 'bare signed POSTs', ...bare },
      ratio: calm.value / bare.value,
      bar: { of: 'measured', is: 'at least', limit: 100 },
    },
    {
      what: 'the same while one receiver never answers; the ratio is of time',
      measured: dead,
      against: { name: 'nobody does', ...calm },
      ratio: calm.value / dead.value,
      bar: { of: 'ratio', is: 'at most', limit: 1.2 },
    },
  ];
}

async function measureOver(azure: AzureClients, changes: number): Promise<SectionResult> {
  const concurrency = await readQueueConcurrency();
  const subscriptions = 2 * concurrency;
  const receiver = await startReceiver();
  try {
    const fixture = await createWebhookFixture(azure, changes);
    const count = subscriptions * changes;
    return {
      rows: await measure({ fixture, receiver, concurrency, subscriptions, count }),
      notes: [
        `${subscriptions} subscriptions × ${changes} changes, ${concurrency} runs at once as in the host; medians of rounds that take turns.`,
        'Beside the POST a delivery is one read of the feed; ten are a write and a read more. The floor has neither.',
        'At least 100/s: 360,000 an hour of one process, more changes than 5,000 tenants with 70 an hour have.',
        `At most 1.2×: a receiver that hangs keeps one of ${concurrency} runs for its 10 s, so 1.09× is its share.`,
      ],
    };
  } finally {
    await receiver.stop();
  }
}

await reportSection(({ quick }) => withStorage((azure) => measureOver(azure, quick ? 10 : 40)));
