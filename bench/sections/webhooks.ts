import { SLOT_SIZES } from '../../functions/compose/slot-sizes.ts';
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

/** Changes for each subscription, and rounds of each kind. */
const FULL = { changes: 40, rounds: 5 };
const QUICK = { changes: 5, rounds: 3 };

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
  readonly subscriptions: number;
  readonly changes: number;
  readonly rounds: number;
}

/** Milliseconds until every living subscription has everything; dead ones go first. */
async function deliverAll(stage: Scenario, dead: number): Promise<number> {
  const { fixture, receiver, subscriptions, changes } = stage;
  const urls = Array.from({ length: subscriptions }, (_, index) =>
    index < dead ? `${receiver.url}/dead` : `${receiver.url}/live`,
  );
  const ids = await Promise.all(urls.map(fixture.subscribe));
  const count = (subscriptions - dead) * changes;
  const arrived = receiver.expect(count);
  const startedAt = performance.now();
  const runs = settleAll(ids, await readQueueConcurrency(), fixture.deliver);
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
 * The floor: as many bodies, signed and posted by the same sender, as many at once, and nothing
 * else.
 */
async function postAll({ receiver, subscriptions, changes }: Scenario): Promise<number> {
  const taken = [...receiver.taken];
  const count = subscriptions * changes;
  const secret = createWebhookSecret();
  const arrived = receiver.expect(count);
  const startedAt = performance.now();
  const messages = Array.from({ length: count }, (_, index) => taken[index % taken.length]);
  await settleAll(messages, SLOT_SIZES.webhooks.slots, async (message) => {
    if (!message) throw new Error('Nothing has come yet.');
    const headers = toSignatureHeaders(message, { secret, previous: undefined }, Date.now());
    await send({ url: `${receiver.url}/live`, headers, body: message.body });
  });
  await arrived;
  return performance.now() - startedAt;
}

async function measure(stage: Scenario): Promise<readonly Row[]> {
  await deliverAll(stage, 0);
  const medians = await measureInTurn(
    new Map([
      ['calm', () => deliverAll(stage, 0)],
      ['bare', () => postAll(stage)],
      ['dead', () => deliverAll(stage, stage.subscriptions / 3)],
    ]),
    stage.rounds,
  );
  const toSeconds = (name: string) => (medians.get(name) ?? Number.NaN) / 1000;
  const toRate = (name: string) => ({
    value: (stage.subscriptions * stage.changes) / toSeconds(name),
    unit: 'deliveries/s',
  });
  const [calm, bare] = [toRate('calm'), toRate('bare')];
  return [
    {
      what: 'deliveries through the outbox',
      measured: calm,
      against: { name: 'bare signed POSTs', ...bare },
      ratio: calm.value / bare.value,
      bar: { of: 'measured', is: 'at least', limit: 100 },
    },
    {
      what: 'two thirds of the receivers have everything while a third never answers',
      measured: { value: toSeconds('dead'), unit: 's' },
      against: { name: 'all answer', value: toSeconds('calm'), unit: 's' },
      ratio: toSeconds('dead') / toSeconds('calm'),
      bar: { of: 'ratio', is: 'at most', limit: 1.2 },
    },
  ];
}

async function measureOver(
  azure: AzureClients,
  { changes, rounds }: typeof FULL,
): Promise<SectionResult> {
  const { slots } = SLOT_SIZES.webhooks;
  const subscriptions = 3 * slots;
  const receiver = await startReceiver();
  try {
    const fixture = await createWebhookFixture(azure, changes);
    return {
      rows: await measure({ fixture, receiver, subscriptions, changes, rounds }),
      notes: [
        `${subscriptions} subscriptions × ${changes} changes, ${slots} runs at once as in a process; medians of rounds that take turns.`,
        'Beside the POST a delivery is one read of the feed; ten are a write and a read more. The floor has neither.',
        'At least 100/s: 360,000 an hour of one process, more changes than 5,000 tenants with 70 an hour have.',
        'Those that never answer are asked first: their calls leave their slots.',
      ],
    };
  } finally {
    await receiver.stop();
  }
}

await reportSection(({ quick }) =>
  withStorage((azure) => measureOver(azure, quick ? QUICK : FULL)),
);
