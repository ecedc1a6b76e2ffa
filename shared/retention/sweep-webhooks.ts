import type { Log } from '../log.ts';
import type { Outbox } from '../webhooks/delivery/outbox.ts';
import type { SubscriptionStore } from '../webhooks/subscription.ts';
import type { GetRetentionMs } from './retention.ts';

/** One run's worth per subscription; what is left is taken by the next. */
const MAX_ENTRIES = 50_000;

/** Creates the daily sweep: old entries go, and what is left of subscriptions that were deleted. */
export function createWebhookSweep({
  subscriptions,
  outbox,
  getRetentionMs,
  log,
  now,
}: {
  subscriptions: SubscriptionStore;
  outbox: Outbox;
  getRetentionMs: GetRetentionMs;
  log: Log;
  now: () => number;
}): () => Promise<void> {
  return async () => {
    let removed = 0;
    let orphans = 0;
    const oldest = now() - getRetentionMs('notifications');
    // In this order: a subscription that is made meanwhile is no orphan.
    const outboxes = await outbox.list();
    const known = new Set((await subscriptions.list()).map(({ id }) => id));
    for (const id of outboxes) {
      if (known.has(id)) removed += await outbox.removeBefore(id, oldest, MAX_ENTRIES);
      else if (!(await subscriptions.find(id))) {
        await outbox.remove(id);
        orphans++;
      }
    }
    log.info('sweep.webhooks', { entries_removed: removed, orphans_removed: orphans });
  };
}
