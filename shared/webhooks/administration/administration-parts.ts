import type { Caller } from '../../callers/caller.ts';
import { isGuid } from '../../guid.ts';
import type { ChangeFeed } from '../../incidents/feed/change-feed.ts';
import type { IncidentAccess } from '../../incidents/incident-access.ts';
import type { EnqueueDelivery } from '../delivery/delivery-parts.ts';
import type { Outbox } from '../delivery/outbox.ts';
import type { Subscription, SubscriptionStore } from '../subscription.ts';
import { toSubscriptionNotFound } from '../subscription-errors.ts';
import type { SubscriptionOwners } from '../subscription-owners.ts';
import type { SendWebhook } from '../target/send-webhook.ts';
import type { TargetSeal, WebhookTarget } from '../target/target-seal.ts';
import type { CheckTargetUrl } from '../target/target-url.ts';

/** What the administration is made of. */
export interface AdministrationParts {
  readonly subscriptions: SubscriptionStore;
  readonly outbox: Outbox;
  readonly changeFeed: Pick<ChangeFeed, 'bounds' | 'read'>;
  readonly access: Pick<IncidentAccess, 'getTenant'>;
  readonly seal: TargetSeal;
  readonly owners: SubscriptionOwners;
  readonly checkUrl: CheckTargetUrl;
  readonly send: SendWebhook;
  readonly enqueue: EnqueueDelivery;
  readonly now: () => number;
}

/** A subscription with where it leads, as far as that can be told; `undefined`: its key is lost. */
export interface OpenSubscription {
  readonly subscription: Subscription;
  readonly target: WebhookTarget | undefined;
}

/** The subscription, if the caller may have to do with it; throws `subscription_not_found`. */
export async function findSubscription(
  { subscriptions }: AdministrationParts,
  id: string,
  may: (subscription: Subscription) => boolean,
) {
  // The table has other rows too, and keys that it refuses.
  const stored = isGuid(id) ? await subscriptions.find(id) : undefined;
  if (stored && may(stored.value)) return stored.value;
  throw toSubscriptionNotFound();
}

/** The URL as notifications are sent to it, if the caller may use its host. */
export async function checkUrl(
  { checkUrl: check, owners }: AdministrationParts,
  { id }: Caller,
  text: string,
): Promise<string> {
  const url = await check(text);
  await owners.assertHost(id, url);
  return url;
}
