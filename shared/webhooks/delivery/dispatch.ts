import { settleAll } from '../../concurrency.ts';
import type { ChangeFeed } from '../../incidents/feed/change-feed.ts';
import type { Log } from '../../log.ts';
import { change } from '../../store.ts';
import {
  isDeliveryDue,
  type Subscription,
  type SubscriptionStore,
  toStopped,
} from '../subscription.ts';
import type { SubscriptionOwners } from '../subscription-owners.ts';
import type { TargetSeal } from '../target/target-seal.ts';
import type { EnqueueDelivery } from './delivery-parts.ts';

/** One timer run: puts a message into the queue for every subscription that is due. */
export type DispatchWebhooks = () => Promise<void>;

/** Messages on their way to the queue at once. */
const CONCURRENCY = 16;

interface DispatchParts {
  readonly subscriptions: SubscriptionStore;
  readonly changeFeed: Pick<ChangeFeed, 'bounds'>;
  readonly owners: Pick<SubscriptionOwners, 'findStop'>;
  readonly seal: TargetSeal;
  readonly enqueue: EnqueueDelivery;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Creates the timer's run. What is due is derived from the rows, so that a lost message is made up
 * for by the next run.
 */
export function createDispatchWebhooks(parts: DispatchParts): DispatchWebhooks {
  const { subscriptions, changeFeed, enqueue, log, now } = parts;
  return async () => {
    const all = await subscriptions.list();
    if (all.length === 0) return;
    // What can't be sealed anew now holds up no delivery: it is said at the end.
    const sealed = await settleAll(all, CONCURRENCY, (one) => resealOld(parts, one));
    const stopped = await settleAll(all, CONCURRENCY, (one) => stopOne(parts, one));
    const { last } = await changeFeed.bounds();
    const due = all.filter((subscription) => isDeliveryDue(subscription, { last, now: now() }));
    const sent = await settleAll(due, CONCURRENCY, ({ id }) => enqueue(id, 0));
    const failed = [...sent, ...sealed, ...stopped].find(
      (outcome) => outcome.status === 'rejected',
    );
    if (failed) throw failed.reason;
    const ended = count(stopped);
    const suspended = all.filter(({ status }) => status === 'suspended').length + ended;
    log.info('webhook.dispatch', {
      subscriptions: all.length,
      due: due.length,
      suspended,
      resealed: count(sealed),
      stopped: ended,
    });
  };
}

function count(outcomes: readonly PromiseSettledResult<boolean>[]): number {
  return outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length;
}

/** Ends what has no owner any more, also where nothing waits to be sent. Answers whether it did. */
async function stopOne(
  { subscriptions, owners, log, now }: DispatchParts,
  subscription: Subscription,
): Promise<boolean> {
  const { id, status } = subscription;
  const problem = status === 'active' ? await owners.findStop(subscription) : undefined;
  if (!problem) return false;
  const stopped = await change(subscriptions, id, (current) =>
    current?.status === 'active' && current.expiresAt === subscription.expiresAt
      ? toStopped(current, problem, now())
      : current,
  );
  if (stopped?.retryState?.problem !== problem) return false;
  log.warn('webhook.suspended', { subscription: id, state: stopped.status, problem });
  return true;
}

/**
 * After a rotation of the key ring what is sealed follows, as long as the old key is there. Answers
 * whether it did.
 */
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
