import { randomUUID } from 'node:crypto';
import type { Caller } from '../callers/caller.ts';
import { isGuid } from '../guid.ts';
import type { ChangeFeed } from '../incidents/feed/change-feed.ts';
import { findPosition } from '../incidents/feed/find-position.ts';
import type { IncidentAccess } from '../incidents/incident-access.ts';
import { change } from '../store.ts';
import type { EnqueueDelivery } from './deliver.ts';
import type { Outbox } from './outbox.ts';
import { createWebhookSecret } from './signature.ts';
import {
  SUBSCRIPTION_LIFE_MS,
  type Subscription,
  type SubscriptionFilter,
  type SubscriptionStore,
} from './subscription.ts';
import {
  toLostKey,
  toSubscriptionBusy,
  toSubscriptionNotFound,
  toTooManySubscriptions,
} from './subscription-errors.ts';
import { parseFilterTenants } from './subscription-filter.ts';
import type { SubscriptionOwners } from './subscription-owners.ts';
import type { SendWebhook } from './target/send-webhook.ts';
import type { TargetSeal, WebhookTarget } from './target/target-seal.ts';
import type { CheckTargetUrl } from './target/target-url.ts';

/** A subscription with where it leads, as far as that can be told; `undefined`: its key is lost. */
export interface OpenSubscription {
  readonly subscription: Subscription;
  readonly target: WebhookTarget | undefined;
}

/** What a caller asks of a new subscription. */
export interface SubscriptionInput {
  readonly url: string;
  readonly filter: SubscriptionFilter;
  /** Epoch milliseconds; `undefined`: what happens from now on. */
  readonly since: number | undefined;
}

/** What a caller changes; what is `undefined` stays. */
export interface SubscriptionPatch {
  readonly url: string | undefined;
  readonly filter: SubscriptionFilter | undefined;
  readonly status: 'active' | 'paused' | undefined;
}

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

/** One list, read with every run of the timer, holds them all. */
const MAX_PER_CALLER = 50;

/** Receivers have so long to learn of a new secret. */
const ROTATION = 24 * 60 * 60_000;

/** The subscription, if the caller may have to do with it; throws `subscription_not_found`. */
export async function findOne(
  { subscriptions }: AdministrationParts,
  id: string,
  may: (subscription: Subscription) => boolean,
) {
  // The table has other rows too, and keys that it refuses.
  const stored = isGuid(id) ? await subscriptions.find(id) : undefined;
  if (stored && may(stored.value)) return stored.value;
  throw toSubscriptionNotFound();
}

/** Makes a subscription, with a secret of its own. */
export async function createOne(
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

async function checkUrl(
  { checkUrl: check, owners }: AdministrationParts,
  { id }: Caller,
  text: string,
): Promise<string> {
  const url = await check(text);
  await owners.assertHost(id, url);
  return url;
}

/** Changes a subscription as its owner asks. */
export async function patchOne(
  parts: AdministrationParts,
  existing: Subscription,
  { caller, ...input }: SubscriptionPatch & { readonly caller: Caller },
): Promise<OpenSubscription> {
  const { seal } = parts;
  const { id, sealed } = existing;
  const opened = await seal.open(existing, sealed);
  if (!opened) throw toLostKey();
  const url = input.url === undefined ? opened.url : await checkUrl(parts, caller, input.url);
  const tenants = await parseFilterTenants(parts.access, caller, input.filter?.tenants);
  const target = { ...opened, url };
  const fresh = input.url === undefined ? sealed : await seal.seal(existing, target);
  const subscription = await resume(parts, id, {
    ...(fresh !== sealed && { sealed: fresh, over: sealed }),
    ...(input.filter && { filter: { ...input.filter, tenants } }),
    ...(input.status === 'paused' && { status: input.status }),
  });
  return { subscription, target };
}

/**
 * Changes it and begins afresh: no lease, no pause, at once. Whoever delivers at this moment ends
 * with its next write. With `over`, only if the seal is still that one: a secret that was replaced
 * meanwhile must not come back.
 */
export async function resume(
  { subscriptions, enqueue, now }: AdministrationParts,
  id: string,
  { over, ...input }: Partial<Subscription> & { readonly over?: string },
): Promise<Subscription> {
  const expiresAt = now() + SUBSCRIPTION_LIFE_MS;
  const fresh = {
    status: 'active',
    retryState: undefined,
    leaseUntil: undefined,
    expiresAt,
  } as const;
  const changed = await change(subscriptions, id, (current) =>
    current && (over === undefined || current.sealed === over)
      ? { ...current, ...fresh, ...input, updatedAt: now() }
      : current,
  );
  if (!changed) throw toSubscriptionNotFound();
  if (input.sealed !== undefined && changed.sealed !== input.sealed) throw toSubscriptionBusy();
  await enqueue(id, 0);
  return changed;
}

/** Gives a subscription a new secret. */
export async function rotateOne(
  parts: AdministrationParts,
  existing: Subscription,
): Promise<OpenSubscription> {
  const { seal, subscriptions, now } = parts;
  const { id, sealed } = existing;
  const opened = await seal.open(existing, sealed);
  if (!opened) throw toLostKey();
  const previous = { secret: opened.secret, until: now() + ROTATION };
  const target = { url: opened.url, secret: createWebhookSecret(), previous };
  const fresh = {
    sealed: await seal.seal(existing, target),
    leaseUntil: undefined,
    updatedAt: now(),
  };
  // A change that came between has another seal: then nothing is written, and the caller tries
  // again.
  const changed = await change(subscriptions, id, (current) =>
    current?.sealed === sealed ? { ...current, ...fresh } : current,
  );
  if (!changed) throw toSubscriptionNotFound();
  if (changed.sealed !== fresh.sealed) throw toSubscriptionBusy();
  await parts.enqueue(id, 0);
  return { subscription: changed, target };
}
