import type { Caller } from '../../callers/caller.ts';
import { change } from '../../store.ts';
import { DAY } from '../../time.ts';
import { createWebhookSecret } from '../delivery/signature.ts';
import {
  SUBSCRIPTION_LIFE_MS,
  type Subscription,
  type SubscriptionFilter,
} from '../subscription.ts';
import { toLostKey, toSubscriptionBusy, toSubscriptionNotFound } from '../subscription-errors.ts';
import { parseFilterTenants } from '../subscription-filter.ts';
import {
  type AdministrationParts,
  checkUrl,
  type OpenSubscription,
} from './administration-parts.ts';

/** What a caller changes; what is `undefined` stays. */
export interface SubscriptionPatch {
  readonly url: string | undefined;
  readonly filter: SubscriptionFilter | undefined;
  readonly status: 'active' | 'paused' | undefined;
}

/** Receivers have so long to learn of a new secret. */
const SECRET_OVERLAP_MS = DAY;

/** Changes a subscription as its owner asks. */
export async function changeSubscription(
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
  const subscription = await resumeSubscription(parts, id, {
    clientId: caller.clientId,
    ...(fresh !== sealed && { sealed: fresh, over: sealed }),
    ...(input.filter && { filter: { ...input.filter, tenants } }),
    ...(input.status === 'paused' && { status: input.status }),
  });
  return { subscription, target };
}

/**
 * Changes it and begins afresh: no lease, no pause, at once. A process that delivers at this moment
 * ends with its next write. With `over`, only if the seal is still that one: a secret that was
 * replaced meanwhile must not come back.
 */
export async function resumeSubscription(
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
export async function rotateSecret(
  parts: AdministrationParts,
  existing: Subscription,
): Promise<OpenSubscription> {
  const { seal, subscriptions, now } = parts;
  const { id, sealed } = existing;
  const opened = await seal.open(existing, sealed);
  if (!opened) throw toLostKey();
  const previous = { secret: opened.secret, until: now() + SECRET_OVERLAP_MS };
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
