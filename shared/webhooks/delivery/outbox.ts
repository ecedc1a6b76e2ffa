import { BrokerError } from '../../errors.ts';
import type { Subscription } from '../subscription.ts';

/**
 * A change that has its number: the feed holds the change itself, so that what is removed there is
 * nowhere else.
 */
export interface OutboxEntry {
  /** The change's number in the feed. */
  readonly feedSequence: number;
  /** When the change was recorded: the entry goes when the change does. Epoch milliseconds. */
  readonly recordedAt: number;
}

/** An entry with its number in the subscription: 1, 2, 3 … */
export interface NumberedEntry extends OutboxEntry {
  readonly sequence: number;
}

/** The place in the feed of an entry that went by age: the feed's numbers begin with 1. */
export const GONE = 0;

/** How far a subscription was numbered; what moves it writes under its version. */
export interface OutboxHead {
  /** Up to here entries were removed by age. */
  readonly first: number;
  /** The number that the next entry gets. */
  readonly next: number;
  /** Where in the feed the next entry is looked for; `undefined`: nothing was numbered yet. */
  readonly position: number | undefined;
  readonly version: string | undefined;
}

/** What is to be delivered, numbered without a gap per subscription. */
export interface Outbox {
  find(subscriptionId: string): Promise<OutboxHead>;
  /**
   * Numbers up to 99 entries and moves the position, both or neither; `undefined`: somebody moved
   * the head since it was read, and nothing was written.
   */
  append(
    subscriptionId: string,
    head: OutboxHead,
    batch: { readonly entries: readonly OutboxEntry[]; readonly position: number },
  ): Promise<OutboxHead | undefined>;
  /** Entries after a number, in order. */
  read(subscriptionId: string, after: number, limit: number): Promise<readonly NumberedEntry[]>;
  /** Removes everything of a subscription. */
  remove(subscriptionId: string): Promise<void>;
  /** The subscriptions that have an outbox, also those that are gone. */
  list(): Promise<readonly string[]>;
  /** Removes up to `limit` of the oldest entries recorded before a time; answers how many. */
  removeBefore(subscriptionId: string, time: number, limit: number): Promise<number>;
}

/**
 * Up to `limit` entries after what was delivered: also a number whose entry went by age is told.
 */
export async function readWaiting(
  outbox: Pick<Outbox, 'read'>,
  { id, delivered, numbered }: Pick<Subscription, 'id' | 'delivered' | 'numbered'>,
  limit: number,
): Promise<readonly NumberedEntry[]> {
  const kept = await outbox.read(id, delivered, limit);
  return Array.from({ length: Math.min(limit, numbered - delivered) }, (_, index) => {
    const sequence = delivered + 1 + index;
    const entry = kept.find((one) => one.sequence === sequence);
    return entry ?? { sequence, feedSequence: GONE, recordedAt: 0 };
  });
}

/** Throws `invalid_request` for a number that can't be gone back to. */
export async function assertKept(outbox: Outbox, id: string, from: number): Promise<void> {
  const { first, next } = await outbox.find(id);
  if (from > first && from <= next) return;
  const what = from > next ? 'is a number that was not given yet' : 'is older than what is kept';
  throw new BrokerError('invalid_request', `The parameter from_sequence ${what}.`, {
    owner: 'caller',
    remedy: `Use a number from ${first + 1} to ${next}.`,
  });
}
