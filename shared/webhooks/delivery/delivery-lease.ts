import { toLeaseEnd } from '../../lease/leases.ts';
import type { Stored } from '../../store.ts';
import type { Subscription } from '../subscription.ts';
import type { DeliveryParts } from './delivery-parts.ts';

/** A subscription whose lease the run has, as the row was written last. */
export type LeasedSubscription = Stored<Subscription>;

/**
 * Writes the row and prolongs the lease; `undefined`: an operator or a process changed the row, and
 * its word counts.
 */
export async function renewLease(
  { subscriptions, now }: DeliveryParts,
  leased: LeasedSubscription,
  next: Subscription,
): Promise<LeasedSubscription | undefined> {
  return await subscriptions.replace(leased, { ...next, leaseUntil: toLeaseEnd('webhook', now()) });
}

/** Gives the lease back and looks after what is left: the rest of a long run, or the next try. */
export async function endLease(
  { subscriptions, enqueue, log, now }: DeliveryParts,
  leased: LeasedSubscription,
  next: Subscription,
): Promise<void> {
  if (!(await subscriptions.replace(leased, { ...next, leaseUntil: undefined }))) return;
  const { id, status, retryState } = next;
  if (status === 'suspended') {
    log.warn('webhook.suspended', { subscription: id, ...toLogFields(next) });
  } else if (retryState) {
    await enqueue(id, retryState.retryAt - now());
  } else if (next.delivered < next.numbered) {
    await enqueue(id, 0);
  }
}

/** The longest request (10 s), and the write after it: with less left of the lease none begins. */
const ONE_DELIVERY_MS = 15_000;

/** The row as it was written last, and what it is to become. */
export interface DeliveryProgress {
  readonly leased: LeasedSubscription;
  readonly next: Subscription;
}

/**
 * Prolongs a lease that might end during the next delivery, and writes what was delivered with it.
 */
export async function renewForDelivery(
  parts: DeliveryParts,
  progress: DeliveryProgress,
): Promise<DeliveryProgress | undefined> {
  const { leaseUntil = 0 } = progress.leased.value;
  if (leaseUntil - parts.now() >= ONE_DELIVERY_MS) return progress;
  const leased = await renewLease(parts, progress.leased, progress.next);
  return leased && { leased, next: leased.value };
}

/** The subscription as the log shows it. */
export function toLogFields({ status, retryState, numbered, delivered }: Subscription) {
  return {
    state: status,
    waiting: numbered - delivered,
    problem: retryState?.problem,
    http_status: retryState?.status,
    failures: retryState?.count,
  };
}
