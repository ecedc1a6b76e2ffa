import { recordDeliveryFailure, type Subscription, toStopped } from '../subscription.ts';
import type { SendOutcome } from '../target/send-webhook.ts';
import type { WebhookTarget } from '../target/target-seal.ts';
import {
  type DeliveryProgress,
  endLease,
  type LeasedSubscription,
  renewForDelivery,
  renewLease,
  toLogFields,
} from './delivery-lease.ts';
import type { DeliveryParts } from './delivery-parts.ts';
import { type Notification, toNotification } from './notification.ts';
import { toNotificationHeaders } from './notification-headers.ts';
import { type NumberedEntry, readWaiting } from './outbox.ts';

/** What is delivered between two writes; a crash delivers at most so many twice. */
const BATCH = 10;

/** What is delivered, where to, and until when. */
interface DeliveryRun {
  readonly leased: LeasedSubscription;
  readonly target: WebhookTarget;
  readonly until: number;
}

/** Delivers in order until there is nothing, a failure, or the run is too long. */
export async function deliverWaiting(parts: DeliveryParts, run: DeliveryRun): Promise<void> {
  const { outbox, log, now } = parts;
  let leased: LeasedSubscription | undefined = run.leased;
  const before = leased.value.delivered;
  while (leased) {
    const { id } = leased.value;
    const entries = now() < run.until ? await readWaiting(outbox, leased.value, BATCH) : [];
    const progress = await deliverBatch(parts, { ...run, leased }, entries);
    if (!progress) return;
    const { next } = progress;
    const isDone = entries.length === 0 || next.retryState !== undefined;
    if (isDone) {
      const count = next.delivered - before;
      log.info('webhook.run', { subscription: id, delivered: count, ...toLogFields(next) });
      return await endLease(parts, progress.leased, next);
    }
    leased = await renewLease(parts, progress.leased, next);
  }
}

/**
 * How far entries were delivered, up to the first that could not be; `undefined`: the run lost its
 * lease.
 */
async function deliverBatch(
  parts: DeliveryParts,
  { leased, target, until }: DeliveryRun,
  entries: readonly NumberedEntry[],
): Promise<DeliveryProgress | undefined> {
  // Nothing is left that could fail.
  if (entries.length === 0) return { leased, next: { ...leased.value, retryState: undefined } };
  let progress: DeliveryProgress = { leased, next: leased.value };
  for (const entry of entries) {
    if (parts.now() >= until) break;
    const notification = await toNotification(parts, progress.next, entry);
    const renewed = await renewForDelivery(parts, progress);
    if (!renewed) return undefined;
    const stopped = await findStopped(parts, renewed.next, target);
    if (stopped) return { ...renewed, next: stopped };
    const outcome = await deliverOne(parts, notification, target);
    if (!outcome.delivered)
      return { ...renewed, next: recordDeliveryFailure(renewed.next, outcome, parts.now()) };
    progress = {
      ...renewed,
      next: { ...renewed.next, delivered: entry.sequence, retryState: undefined },
    };
  }
  return progress;
}

async function deliverOne(
  { send, metrics, now }: DeliveryParts,
  { withheld, ...message }: Notification,
  target: WebhookTarget,
): Promise<SendOutcome> {
  const headers = toNotificationHeaders(message, target, now());
  const outcome = await send({ url: target.url, headers, body: message.body });
  const done = withheld ? 'withheld' : 'delivered';
  metrics.count('webhooks.delivered', { outcome: outcome.delivered ? done : outcome.problem });
  return outcome;
}

/** The subscription as it ends, where its owner is gone. */
export async function findStopped(
  { owners, now }: DeliveryParts,
  subscription: Subscription,
  { url }: WebhookTarget,
): Promise<Subscription | undefined> {
  const problem = await owners.findStop(subscription, url);
  return problem && toStopped(subscription, problem, now());
}
