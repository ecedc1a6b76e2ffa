import { BrokerError } from '../errors.ts';

/** A change that has its number: the feed holds the change itself, so that what is removed there is nowhere else. */
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
   * Numbers up to 99 entries and moves the position, both or neither; `undefined`: somebody moved the head since it
   * was read, and nothing was written.
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
