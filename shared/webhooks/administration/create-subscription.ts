import { randomUUID } from 'node:crypto';
import type { Caller } from '../../callers/caller.ts';
import { findPosition } from '../../incidents/feed/find-position.ts';
import { createWebhookSecret } from '../delivery/signature.ts';
import {
  SUBSCRIPTION_LIFE_MS,
  type Subscription,
  type SubscriptionFilter,
} from '../subscription.ts';
import { toTooManySubscriptions } from '../subscription-errors.ts';
import { parseFilterTenants } from '../subscription-filter.ts';
import {
  type AdministrationParts,
  checkUrl,
  type OpenSubscription,
} from './administration-parts.ts';

/** What a caller asks of a new subscription. */
export interface SubscriptionInput {
  readonly url: string;
  readonly filter: SubscriptionFilter;
  /** Epoch milliseconds; `undefined`: what happens from now on. */
  readonly since: number | undefined;
}

/** One list, read with every run of the timer, holds them all. */
const MAX_PER_CALLER = 50;

/** Makes a subscription, with a secret of its own. */
export async function createSubscription(
  parts: AdministrationParts,
  caller: Caller,
  { url, filter, since }: SubscriptionInput,
): Promise<OpenSubscription> {
  const { subscriptions, changeFeed, seal, now } = parts;
  const target = {
    url: await checkUrl(parts, caller, url),
    secret: createWebhookSecret(),
    previous: undefined,
  };
  const tenants = await parseFilterTenants(parts.access, caller, filter.tenants);
  const bounds = await changeFeed.bounds();
  const id = randomUUID();
  const subscription: Subscription = {
    id,
    callerId: caller.id,
    clientId: caller.clientId,
    status: 'active',
    filter: { ...filter, tenants },
    sealed: await seal.seal({ id, callerId: caller.id }, target),
    position: since === undefined ? bounds.last : await findPosition(changeFeed, since, bounds),
    numbered: 0,
    delivered: 0,
    retryState: undefined,
    leaseUntil: undefined,
    expiresAt: now() + SUBSCRIPTION_LIFE_MS,
    createdAt: now(),
    updatedAt: now(),
  };
  if (!(await subscriptions.insert(subscription, MAX_PER_CALLER)))
    throw toTooManySubscriptions(MAX_PER_CALLER);
  await parts.enqueue(id, 0);
  return { subscription, target };
}
