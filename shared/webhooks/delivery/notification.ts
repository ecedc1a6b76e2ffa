import type { SequencedChange } from '../../incidents/feed/change-feed.ts';
import { shorten } from '../../incidents/shorten.ts';
import type { Subscription } from '../subscription.ts';
import { type NumberingParts, toOwner } from './number-changes.ts';
import { GONE, type NumberedEntry } from './outbox.ts';
import type { WebhookMessage } from './signature.ts';

/** Shapes a change as the API shows it. */
type ToChangeJson = (change: SequencedChange) => object;

/** What building notifications needs. */
export interface NotificationParts extends Pick<NumberingParts, 'changeFeed' | 'access'> {
  readonly toChangeJson: ToChangeJson;
}

/**
 * A notification of one entry; `withheld`: it has the number, but the owner may not see the change
 * any more.
 */
export interface Notification extends WebhookMessage {
  readonly withheld: boolean;
}

/** Receivers may count on it. What is left out of a larger change is mostly old comments. */
const MAX_BODY_BYTES = 256 * 1024;

/**
 * Looks the change up and decides anew who may see it: what waited meanwhile may be gone, or no
 * longer granted.
 */
export async function toNotification(
  parts: NotificationParts,
  subscription: Subscription,
  { sequence, feedSequence }: NumberedEntry,
): Promise<Notification> {
  const change = await findReadableChange(parts, subscription, feedSequence);
  const about = { sequence, subscription_id: subscription.id };
  const id = `msg_${subscription.id}_${sequence}`;
  if (typeof change === 'string') {
    const body = JSON.stringify({ type: 'incident.withheld', ...about, reason: change });
    return { id, body, withheld: true };
  }
  const describe = (sent: SequencedChange) =>
    JSON.stringify({ type: 'incident.changed', ...about, change: parts.toChangeJson(sent) });
  const whole = describe(change);
  const isShort = Buffer.byteLength(whole) <= MAX_BODY_BYTES;
  const body = isShort ? whole : describe({ ...change, incident: shorten(change.incident) });
  return { id, body, withheld: false };
}

async function findReadableChange(
  { changeFeed, access }: NotificationParts,
  subscription: Subscription,
  feedSequence: number,
): Promise<SequencedChange | 'removed' | 'expired' | 'not_granted'> {
  if (feedSequence === GONE) return 'expired';
  const [change] = (await changeFeed.read(feedSequence - 1, 1)).changes;
  if (change?.sequence !== feedSequence) {
    return feedSequence <= (await changeFeed.bounds()).first ? 'expired' : 'removed';
  }
  await access.ensureCurrent();
  const { tenantId } = change.incident;
  return (await access.findReadable(toOwner(subscription), tenantId)) ? change : 'not_granted';
}
