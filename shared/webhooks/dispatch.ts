import { settleAll } from '../concurrency.ts';
import type { ChangeFeed } from '../incidents/feed/change-feed.ts';
import type { Log } from '../log.ts';
import { change } from '../store.ts';
import type { EnqueueDelivery } from './deliver.ts';
import { isDue, type Subscription, type SubscriptionStore } from './subscription.ts';
import type { TargetSeal } from './target/target-seal.ts';

/** One timer run: puts a message into the queue for every subscription that is due. */
export type DispatchWebhooks = () => Promise<void>;

/** Messages on their way to the queue at once. */
const CONCURRENCY = 16;

interface DispatchParts {
  readonly subscriptions: SubscriptionStore;
  readonly changeFeed: Pick<ChangeFeed, 'bounds'>;
  readonly seal: TargetSeal;
  readonly enqueue: EnqueueDelivery;
  readonly log: Log;
  readonly now: () => number;
}

/** Creates the timer's run. What is due is derived from the rows, so that a lost message is made up for by the next run. */
export function createDispatchWebhooks(parts: DispatchParts): DispatchWebhooks {
  const { subscriptions, changeFeed, enqueue, log, now } = parts;
  return async () => {
    const all = await subscriptions.list();
    if (all.length === 0) return;
    // What can't be sealed anew now holds up no delivery: it is said at the end.
    const sealed = await settleAll(all, CONCURRENCY, (one) => resealOld(parts, one));
    const { last } = await changeFeed.bounds();
    const due = all.filter((subscription) => isDue(subscription, { last, now: now() }));
    const sent = await settleAll(due, CONCURRENCY, ({ id }) => enqueue(id, 0));
    const failed = [...sent, ...sealed].find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    const suspended = all.filter(({ status }) => status === 'suspended').length;
    log.info('webhook.dispatch', {
      subscriptions: all.length,
      due: due.length,
      suspended,
      resealed: sealed.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length,
    });
  };
}

/** After a rotation of the key ring what is sealed follows, as long as the old key is there. Answers whether it did. */
async function resealOld(
  { subscriptions, seal }: DispatchParts,
  subscription: Subscription,
): Promise<boolean> {
  const { id, sealed } = subscription;
  if (!(await seal.isOld(sealed))) return false;
  const target = await seal.open(subscription, sealed);
  if (!target) return false;
  const fresh = await seal.seal(subscription, target);
  await change(
    subscriptions,
    id,
    // An owner may have changed it meanwhile, under the new key.
    (current) => (current?.sealed === sealed ? { ...current, sealed: fresh } : current),
  );
  return true;
}
