import type { ChangeKind } from '../incidents/feed/change-feed.ts';
import { isLeased } from '../lease/leases.ts';
import { toDelayMs } from '../retry/delay.ts';
import type { Store, Stored } from '../store.ts';
import { DAY } from '../time.ts';
import type { WebhookProblem } from './webhook-problem.ts';

/**
 * `paused` by its owner; `suspended` by the broker: its receiver can't be reached, or its owner is
 * gone.
 */
export const SUBSCRIPTION_STATUSES = ['active', 'paused', 'suspended'] as const;

/** Which changes a subscription is for; what is `undefined` leaves nothing out. */
export interface SubscriptionFilter {
  /** GUIDs, or `tag:` and a tag; of an emptied list no tenant is left. */
  readonly tenants: readonly string[] | undefined;
  readonly severities: readonly string[] | undefined;
  readonly kinds: readonly ChangeKind[] | undefined;
}

/** What keeps a receiver from getting more. Epoch milliseconds. */
export interface DeliveryRetryState {
  readonly problem: WebhookProblem;
  /** The HTTP status, where one was answered. */
  readonly status: number | undefined;
  /** Failures in a row. */
  readonly count: number;
  readonly since: number;
  readonly retryAt: number;
}

/** A caller's order to send changes to a URL. Epoch milliseconds. */
export interface Subscription {
  readonly id: string;
  readonly callerId: string;
  /** The application through which a person made or last changed it: it ends with that, too. */
  readonly clientId?: string | undefined;
  readonly status: (typeof SUBSCRIPTION_STATUSES)[number];
  readonly filter: SubscriptionFilter;
  /** URL and secrets, encrypted. */
  readonly sealed: string;
  /**
   * Where in the feed it began, then how far it was numbered at the end of a run: the outbox knows
   * it exactly.
   */
  readonly position: number;
  /** The last number that was given, at the end of a run. */
  readonly numbered: number;
  /** The last number that was delivered. */
  readonly delivered: number;
  readonly retryState: DeliveryRetryState | undefined;
  /** Until then a process delivers. */
  readonly leaseUntil: number | undefined;
  /** It ends then, unless its owner comes before: each day that it does renews it. */
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The subscriptions of all callers. */
export interface SubscriptionStore extends Store<string, Subscription> {
  /**
   * With `most`, `undefined` also where its caller has as many; a process that inserts at the same
   * time counts.
   */
  insert(value: Subscription, most?: number): Promise<Stored<Subscription> | undefined>;
  /** In the order of their ids; of one caller, or all. */
  list(callerId?: string): Promise<readonly Subscription[]>;
}

/** A receiver that is away for longer needs a person. */
const MAX_FAILING_MS = DAY;

/**
 * The subscription after a delivery that failed: it waits, or is given up after a day, or at once
 * where it says so.
 */
export function recordDeliveryFailure(
  subscription: Subscription,
  { problem, status }: Pick<DeliveryRetryState, 'problem' | 'status'>,
  now: number,
): Subscription {
  const { count: before = 0, since = now } = subscription.retryState ?? {};
  const count = before + 1;
  const isOver = problem === 'gone' || now - since >= MAX_FAILING_MS;
  return {
    ...subscription,
    status: isOver ? 'suspended' : subscription.status,
    retryState: { problem, status, count, since, retryAt: now + toDelayMs('webhook', count) },
  };
}

/** The subscription of an owner that is gone: only the owner sets it going again. */
export function toStopped(
  subscription: Subscription,
  problem: WebhookProblem,
  now: number,
): Subscription {
  const retryState = { problem, status: undefined, count: 1, since: now, retryAt: now };
  return { ...subscription, status: 'suspended', retryState, leaseUntil: undefined };
}

/** A subscription lives so long after the last day on which its owner came. */
export const SUBSCRIPTION_LIFE_MS = 30 * DAY;

/** A renewal a day is enough. */
const RENEWED_AGE_MS = DAY;

/** Whether a life was not renewed for a day, and has not ended. */
export function isRenewalDue({ expiresAt }: Subscription, now: number): boolean {
  return expiresAt > now && expiresAt - now < SUBSCRIPTION_LIFE_MS - RENEWED_AGE_MS;
}

/** Whether there may be something to do for a subscription now. */
export function isDeliveryDue(
  { status, leaseUntil, retryState, position, numbered, delivered }: Subscription,
  { last, now }: { readonly last: number; readonly now: number },
): boolean {
  if (status !== 'active' || isLeased('webhook', leaseUntil, now)) return false;
  if (retryState && retryState.retryAt > now) return false;
  return position < last || delivered < numbered || retryState !== undefined;
}

/** The subscription without a tenant in its filter; the same object if it is not there. */
export function withoutFilteredTenant(subscription: Subscription, tenantId: string): Subscription {
  const { filter } = subscription;
  if (!filter.tenants?.includes(tenantId)) return subscription;
  const tenants = filter.tenants.filter((name) => name !== tenantId);
  return { ...subscription, filter: { ...filter, tenants } };
}
