import type { Log } from '../../log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { SubscriptionStore } from '../subscription.ts';
import type { SubscriptionOwners } from '../subscription-owners.ts';
import type { SendWebhook } from '../target/send-webhook.ts';
import type { TargetSeal } from '../target/target-seal.ts';
import type { NotificationParts } from './notification.ts';
import type { NumberingParts } from './number-changes.ts';

/** Puts a message for one subscription into the queue, to be taken after a pause (milliseconds). */
export type EnqueueDelivery = (subscriptionId: string, delayMs: number) => Promise<void>;

/** What a run is made of. */
export interface DeliveryParts extends NumberingParts, NotificationParts {
  readonly subscriptions: SubscriptionStore;
  readonly owners: Pick<SubscriptionOwners, 'findStop'>;
  readonly seal: TargetSeal;
  readonly send: SendWebhook;
  readonly enqueue: EnqueueDelivery;
  readonly metrics: Metrics;
  readonly log: Log;
}
