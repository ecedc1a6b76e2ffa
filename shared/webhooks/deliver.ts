import { isIntegrityError } from '../authority/integrity.ts';
import { toLeaseEnd } from '../lease/leases.ts';
import type { Log } from '../log.ts';
import type { Stored } from '../store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Notification, type NotificationParts, toNotification } from './notification.ts';
import { type NumberingParts, numberChanges } from './number-changes.ts';
import { type NumberedEntry, readWaiting } from './outbox.ts';
import { toSignedHeaders } from './signature.ts';
import {
  isDeliveryDue,
  recordDeliveryFailure,
  type Subscription,
  type SubscriptionStore,
  toStopped,
} from './subscription.ts';
import type { SubscriptionOwners } from './subscription-owners.ts';
import type { SendOutcome, SendWebhook } from './target/send-webhook.ts';
import type { TargetSeal, WebhookTarget } from './target/target-seal.ts';

/** Puts a message for one subscription into the queue, to be taken after a pause (milliseconds). */
export type EnqueueDelivery = (subscriptionId: string, delayMs: number) => Promise<void>;

/**
 * One run for one subscription: numbers what is new and delivers in order until there is nothing,
 * or a failure.
 */
export type DeliverWebhooks = (subscriptionId: string) => Promise<void>;

/** What a run is made of. */
interface DeliveryParts extends NumberingParts, NotificationParts {
  readonly subscriptions: SubscriptionStore;
  readonly owners: Pick<SubscriptionOwners, 'findStop'>;
  readonly seal: TargetSeal;
  readonly send: SendWebhook;
  readonly enqueue: EnqueueDelivery;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** What is delivered between two writes; a crash delivers at most so many twice. */
const BATCH = 10;

/** The longest request (10 s), and the write after it: with less left of the lease none begins. */
const ONE_DELIVERY = 15_000;

/**
 * A run makes room for others then, and goes on in a further message: slow receivers have all
 * places otherwise.
 */
const MAX_RUN_MS = 30_000;

/**
 * Creates the run. Messages may be lost or doubled: the row says what is due, and one run at a time
 * holds it.
 */
export function createDeliverWebhooks(parts: DeliveryParts): DeliverWebhooks {
  const { subscriptions, changeFeed, seal, now } = parts;
  const run: DeliverWebhooks = async (subscriptionId) => {
    const stored = await subscriptions.find(subscriptionId);
    const { last } = await changeFeed.bounds();
    if (!stored || !isDeliveryDue(stored.value, { last, now: now() })) return;
    const held = await hold(parts, stored, stored.value);
    if (!held) return;
    const target = await seal.open(held.value, held.value.sealed);
    if (!target) return await release(parts, held, toLost(held.value, now()));
    const stopped = await findStopped(parts, held.value, target);
    if (stopped) return await release(parts, held, stopped);
    const numbered = await numberNext(parts, held);
    if (numbered) await deliverAll(parts, { held: numbered, target, until: now() + MAX_RUN_MS });
  };
  return async (subscriptionId) => {
    try {
      await run(subscriptionId);
    } catch (error) {
      // The monitor has raised the alarm; the timer sends a message again until it is put right.
      if (!isIntegrityError(error)) throw error;
    }
  };
}

/** The subscription as it ends, where its owner is gone. */
async function findStopped(
  { owners, now }: DeliveryParts,
  subscription: Subscription,
  { url }: WebhookTarget,
): Promise<Subscription | undefined> {
  const problem = await owners.findStop(subscription, url);
  return problem && toStopped(subscription, problem, now());
}

type Held = Stored<Subscription>;

/**
 * Writes the row and keeps the lease; `undefined`: the row was changed by somebody, whose word
 * counts.
 */
async function hold(
  { subscriptions, now }: DeliveryParts,
  held: Held,
  next: Subscription,
): Promise<Held | undefined> {
  return await subscriptions.replace(held, { ...next, leaseUntil: toLeaseEnd('webhook', now()) });
}

/** Gives the lease back and looks after what is left: the rest of a long run, or the next try. */
async function release(
  { subscriptions, enqueue, log, now }: DeliveryParts,
  held: Held,
  next: Subscription,
): Promise<void> {
  if (!(await subscriptions.replace(held, { ...next, leaseUntil: undefined }))) return;
  const { id, status, retryState } = next;
  if (status === 'suspended') {
    log.warn('webhook.suspended', { subscription: id, ...toFields(next) });
  } else if (retryState) {
    await enqueue(id, retryState.retryAt - now());
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
    const { id } = held.value;
    const entries = now() < run.until ? await readWaiting(outbox, held.value, BATCH) : [];
    const reached = await deliverBatch(parts, { ...run, held }, entries);
    if (!reached) return;
    const { next } = reached;
    const isDone = entries.length === 0 || next.retryState !== undefined;
    if (isDone) {
      const count = next.delivered - before;
      log.info('webhook.run', { subscription: id, delivered: count, ...toFields(next) });
      return await release(parts, reached.held, next);
    }
    held = await hold(parts, reached.held, next);
  }
}

/** The row as it was written last, and what it is to become. */
interface Reached {
  readonly held: Held;
  readonly next: Subscription;
}

/**
 * How far entries were delivered, up to the first that could not be; `undefined`: the run lost its
 * lease.
 */
async function deliverBatch(
  parts: DeliveryParts,
  { held, target, until }: Run,
  entries: readonly NumberedEntry[],
): Promise<Reached | undefined> {
  // Nothing is left that could fail.
  if (entries.length === 0) return { held, next: { ...held.value, retryState: undefined } };
  let reached: Reached = { held, next: held.value };
  for (const entry of entries) {
    if (parts.now() >= until) break;
    const notification = await toNotification(parts, reached.next, entry);
    const kept = await keepLease(parts, reached);
    if (!kept) return undefined;
    const stopped = await findStopped(parts, kept.next, target);
    if (stopped) return { ...kept, next: stopped };
    const outcome = await deliverOne(parts, notification, target);
    if (!outcome.delivered)
      return { ...kept, next: recordDeliveryFailure(kept.next, outcome, parts.now()) };
    reached = { ...kept, next: { ...kept.next, delivered: entry.sequence, retryState: undefined } };
  }
  return reached;
}

/**
 * Prolongs a lease that might end during the next delivery, and writes what was delivered with it.
 */
async function keepLease(parts: DeliveryParts, reached: Reached): Promise<Reached | undefined> {
  const { leaseUntil = 0 } = reached.held.value;
  if (leaseUntil - parts.now() >= ONE_DELIVERY) return reached;
  const held = await hold(parts, reached.held, reached.next);
  return held && { held, next: held.value };
}

async function deliverOne(
  { send, metrics, now }: DeliveryParts,
  { withheld, ...message }: Notification,
  target: WebhookTarget,
): Promise<SendOutcome> {
  const headers = toSignedHeaders(message, target, now());
  const outcome = await send({ url: target.url, headers, body: message.body });
  const told = withheld ? 'withheld' : 'delivered';
  const name = outcome.delivered ? told : outcome.problem;
  metrics.count('webhooks.delivered', { outcome: name });
  return outcome;
}

function toLost(subscription: Subscription, now: number): Subscription {
  return recordDeliveryFailure(subscription, { problem: 'key_lost', status: undefined }, now);
}

function toFields({ status, retryState, numbered, delivered }: Subscription) {
  return {
    state: status,
    waiting: numbered - delivered,
    problem: retryState?.problem,
    http_status: retryState?.status,
    failures: retryState?.count,
  };
}
