import type { Log } from '../log.ts';
import type { Stored } from '../store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type NotificationParts, toNotification } from './notification.ts';
import { type NumberingParts, numberChanges } from './number-changes.ts';
import type { NumberedEntry } from './outbox.ts';
import { toSignedHeaders } from './signature.ts';
import { isDue, type Subscription, type SubscriptionStore, toSetBack } from './subscription.ts';
import type { SendOutcome, SendWebhook } from './target/send-webhook.ts';
import type { TargetSeal, WebhookTarget } from './target/target-seal.ts';

/** Puts a message for one subscription into the queue, to be taken after a pause (milliseconds). */
export type EnqueueDelivery = (subscriptionId: string, delayMs: number) => Promise<void>;

/** One run for one subscription: numbers what is new and delivers in order until there is nothing, or a failure. */
export type DeliverWebhooks = (subscriptionId: string) => Promise<void>;

/** What a run is made of. */
export interface DeliveryParts extends NumberingParts, NotificationParts {
  readonly subscriptions: SubscriptionStore;
  readonly seal: TargetSeal;
  readonly send: SendWebhook;
  readonly enqueue: EnqueueDelivery;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** What is delivered between two writes; a crash delivers at most so many twice. */
const BATCH = 10;

/** Longer than a batch of receivers that answer in the last moment. */
const LEASE_TIME = 3 * 60_000;

/** A run makes room for others then, and goes on in a further message. */
const LONGEST_RUN = 2 * 60_000;

/** Creates the run. Messages may be lost or doubled: the row says what is due, and one run at a time holds it. */
export function createDeliverWebhooks(parts: DeliveryParts): DeliverWebhooks {
  const { subscriptions, changeFeed, seal, now } = parts;
  return async (subscriptionId) => {
    const startedAt = now();
    const stored = await subscriptions.find(subscriptionId);
    const { last } = await changeFeed.bounds();
    if (!stored || !isDue(stored.value, { last, now: startedAt })) return;
    const held = await hold(parts, stored, stored.value);
    if (!held) return;
    const target = await seal.open(subscriptionId, held.value.sealed);
    if (!target) return await release(parts, held, toLost(held.value, now()));
    const numbered = await numberNext(parts, held);
    if (numbered)
      await deliverAll(parts, { held: numbered, target, until: startedAt + LONGEST_RUN });
  };
}

type Held = Stored<Subscription>;

/** Writes the row and keeps the lease; `undefined`: the row was changed by somebody, whose word counts. */
async function hold(
  { subscriptions, now }: DeliveryParts,
  held: Held,
  next: Subscription,
): Promise<Held | undefined> {
  return await subscriptions.replace(held, { ...next, leaseUntil: now() + LEASE_TIME });
}

/** Gives the lease back and looks after what is left: the rest of a long run, or the next try. */
async function release(
  { subscriptions, enqueue, log, now }: DeliveryParts,
  held: Held,
  next: Subscription,
): Promise<void> {
  if (!(await subscriptions.replace(held, { ...next, leaseUntil: undefined }))) return;
  const { id, status, setback } = next;
  if (status === 'suspended') {
    log.warn('webhook.suspended', { subscription: id, ...toFields(next) });
  } else if (setback) {
    await enqueue(id, setback.retryAt - now());
  } else if (next.delivered < next.numbered) {
    await enqueue(id, 0);
  }
}

/** Numbers come first, and are in the row before anything is delivered. */
async function numberNext(parts: DeliveryParts, held: Held): Promise<Held | undefined> {
  const head = await numberChanges(parts, held.value);
  if (!head) return undefined;
  const position = head.position ?? held.value.position;
  return await hold(parts, held, { ...held.value, position, numbered: head.next - 1 });
}

interface Run {
  readonly held: Held;
  readonly target: WebhookTarget;
  readonly until: number;
}

async function deliverAll(parts: DeliveryParts, run: Run): Promise<void> {
  const { outbox, log, now } = parts;
  let held: Held | undefined = run.held;
  const before = held.value.delivered;
  while (held) {
    const current: Held = held;
    const { id, delivered } = current.value;
    const entries = now() < run.until ? await outbox.read(id, delivered, BATCH) : [];
    const next = await deliverBatch(parts, { ...run, held: current }, entries);
    const isDone = entries.length === 0 || next.setback !== undefined;
    if (isDone) {
      const count = next.delivered - before;
      log.info('webhook.run', { subscription: id, delivered: count, ...toFields(next) });
      return await release(parts, current, next);
    }
    held = await hold(parts, current, next);
  }
}

/** The subscription after its entries were delivered, up to the first that could not be. */
async function deliverBatch(
  parts: DeliveryParts,
  { held, target }: Run,
  entries: readonly NumberedEntry[],
): Promise<Subscription> {
  let subscription = held.value;
  for (const entry of entries) {
    const outcome = await deliverOne(parts, subscription, { entry, target });
    if (!outcome.delivered) return toSetBack(subscription, outcome, parts.now());
    subscription = { ...subscription, delivered: entry.sequence, setback: undefined };
  }
  // Nothing is left that could fail.
  return entries.length === 0 ? { ...subscription, setback: undefined } : subscription;
}

async function deliverOne(
  parts: DeliveryParts,
  subscription: Subscription,
  { entry, target }: { entry: NumberedEntry; target: WebhookTarget },
): Promise<SendOutcome> {
  const { withheld, ...message } = await toNotification(parts, subscription, entry);
  const headers = toSignedHeaders(message, target, parts.now());
  const outcome = await parts.send({ url: target.url, headers, body: message.body });
  const told = withheld ? 'withheld' : 'delivered';
  const name = outcome.delivered ? told : outcome.problem;
  parts.metrics.count('webhooks.delivered', { outcome: name });
  return outcome;
}

function toLost(subscription: Subscription, now: number): Subscription {
  return toSetBack(subscription, { problem: 'key_lost', status: undefined }, now);
}

function toFields({ status, setback, numbered, delivered }: Subscription) {
  return {
    state: status,
    waiting: numbered - delivered,
    problem: setback?.problem,
    http_status: setback?.status,
    failures: setback?.count,
  };
}
