import type { Probe } from '../health/health-check.ts';
import type { Subscription } from './subscription.ts';

/** Webhooks that a health check names. */
const MAX_NAMED_COUNT = 20;

/**
 * Creates the probe of the webhooks: how many there are, and those that are behind or stopped. A
 * receiver that is away is its owner's affair: it makes the broker no less up.
 */
export function createWebhookProbe({
  list,
  now,
}: {
  list: () => Promise<readonly Subscription[]>;
  now: () => number;
}): Probe {
  return async () => {
    const all = await list();
    const behind = all
      .filter((one) => one.status !== 'active' || isBehind(one))
      .toSorted((one, other) => sinceOf(one) - sinceOf(other));
    return {
      subscriptions: all.length,
      waiting_changes: all.reduce((sum, one) => sum + countWaiting(one), 0),
      behind_count: behind.length,
      behind: behind.slice(0, MAX_NAMED_COUNT).map((one) => toJson(one, now())),
    };
  };
}

/** Changes that were numbered for it and not delivered yet. */
function countWaiting({ numbered, delivered }: Subscription): number {
  return Math.max(0, numbered - delivered);
}

function isBehind(subscription: Subscription): boolean {
  return countWaiting(subscription) > 0 || subscription.retryState !== undefined;
}

/** Those that fail come first, the longest failing before others. */
function sinceOf({ retryState }: Subscription): number {
  return retryState?.since ?? Number.MAX_SAFE_INTEGER;
}

function toJson(subscription: Subscription, now: number) {
  const { id, callerId, status, retryState } = subscription;
  return {
    subscription_id: id,
    caller: callerId,
    status,
    waiting: countWaiting(subscription),
    ...(retryState && {
      problem: retryState.problem,
      failing_seconds: Math.max(0, Math.round((now - retryState.since) / 1000)),
    }),
  };
}
