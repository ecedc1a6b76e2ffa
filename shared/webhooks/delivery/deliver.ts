import { isIntegrityError } from '../../authority/integrity.ts';
import { isDeliveryDue, recordDeliveryFailure, type Subscription } from '../subscription.ts';
import { deliverWaiting, findStopped } from './deliver-waiting.ts';
import { endLease, type LeasedSubscription, renewLease } from './delivery-lease.ts';
import type { DeliveryParts } from './delivery-parts.ts';
import { numberChanges } from './number-changes.ts';

/**
 * One run for one subscription: numbers what is new and delivers in order until there is nothing,
 * or a failure.
 */
export type DeliverWebhooks = (subscriptionId: string) => Promise<void>;

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
    const leased = await renewLease(parts, stored, stored.value);
    if (!leased) return;
    const target = await seal.open(leased.value, leased.value.sealed);
    if (!target) return await endLease(parts, leased, toLost(leased.value, now()));
    const stopped = await findStopped(parts, leased.value, target);
    if (stopped) return await endLease(parts, leased, stopped);
    const numbered = await numberNext(parts, leased);
    if (numbered)
      await deliverWaiting(parts, { leased: numbered, target, until: now() + MAX_RUN_MS });
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

/** Numbers come first, and are in the row before anything is delivered. */
async function numberNext(
  parts: DeliveryParts,
  leased: LeasedSubscription,
): Promise<LeasedSubscription | undefined> {
  const head = await numberChanges(parts, leased.value);
  if (!head) return undefined;
  const position = head.position ?? leased.value.position;
  return await renewLease(parts, leased, { ...leased.value, position, numbered: head.next - 1 });
}

function toLost(subscription: Subscription, now: number): Subscription {
  return recordDeliveryFailure(subscription, { problem: 'key_lost', status: undefined }, now);
}
