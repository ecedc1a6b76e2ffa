import { createBoundedMap } from '../bounded-map.ts';
import { toDelayMs } from '../retry/delay.ts';
import { change } from '../store.ts';
import { DAY } from '../time.ts';
import { isRenewalDue, SUBSCRIPTION_LIFE_MS, type SubscriptionStore } from './subscription.ts';

/** Renews the subscriptions of callers that come. */
interface Renewal {
  /**
   * Learns that a caller came. Costs a look into memory; the first time of a day it begins a
   * renewal, and waits for nothing.
   */
  note(callerId: string): void;
  /** When what has begun has ended, well or not. */
  settled(): Promise<void>;
}

/** More callers than a partner has. */
const MAX_CALLERS = 10_000;

/**
 * Creates the renewal: one caller after the other, so that many callers at once are no burst for
 * storage. No answer waits for it, since a life of 30 days is renewed after one: what a process
 * that ends leaves undone is done at a later request.
 */
export function createRenewal({
  subscriptions,
  now,
}: {
  subscriptions: Pick<SubscriptionStore, 'list' | 'find' | 'insert' | 'replace' | 'remove'>;
  now: () => number;
}): Renewal {
  const dueAt = createBoundedMap<number>(MAX_CALLERS);
  let last: Promise<void> = Promise.resolve();

  const renew = async (callerId: string): Promise<void> => {
    for (const { id } of await subscriptions.list(callerId)) {
      await change(subscriptions, id, (current) =>
        current && isRenewalDue(current, now())
          ? { ...current, expiresAt: now() + SUBSCRIPTION_LIFE_MS }
          : current,
      );
    }
  };

  return {
    note(callerId) {
      const at = now();
      if (at < (dueAt.get(callerId) ?? 0)) return;
      dueAt.set(callerId, at + DAY);
      last = last
        .then(() => renew(callerId))
        .catch(() => dueAt.set(callerId, now() + toDelayMs('webhook.renewal')));
    },
    settled: () => last,
  };
}
