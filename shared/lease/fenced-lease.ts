import { randomUUID } from 'node:crypto';
import type { Store, Stored } from '../store.ts';
import { isLeased, type Lease, type LeaseName, toLeaseEnd } from './leases.ts';

/*
 * A fenced lease on a row. The row's ETag decides who gets it: of two who try, one writes. Its
 * fence grows with each holder, so a row tells whether a later holder was there.
 *
 * Example: A has fence 7 and sleeps for longer than its lease. B takes it with fence 8 and writes.
 * A wakes and writes under the ETag that it knows: refused. A reads the row, sees fence 8, and
 * knows that it lost its lease.
 *
 * The answer to a write can be lost on its way. Then the row has changed, by the writer itself: the
 * same fence and owner, or the same fence and no lease, say so.
 *
 * This does not promise that a holder stops when its lease ends: only that it can't write.
 */

/** A record that can be leased: the lease is a part of its row. */
interface Leasable {
  readonly lease: Lease | undefined;
  /** Grows with each holder. */
  readonly fence: number;
}

/** A record as its holder wrote it last: the proof that it may write. */
export type Held<T> = Stored<T>;

/** The leases on the records of one store. */
export interface FencedLeases<T> {
  /** Whether a process holds the record now. */
  isHeld(record: T | undefined): boolean;
  /** `undefined`: another process holds it, or was faster. */
  acquire(stored: Stored<T> | undefined, create: () => T): Promise<Held<T> | undefined>;
  /**
   * Writes and keeps the lease; `undefined`: it was lost, nothing was written. `apply` gets the
   * record again when another process changed it under this lease.
   */
  renew(held: Held<T>, apply: (record: T) => T): Promise<Held<T> | undefined>;
  /** Writes and gives the lease back; `undefined`: it was lost, nothing was written. */
  release(held: Held<T>, apply: (record: T) => T): Promise<Stored<T> | undefined>;
}

/** Creates the leases of a process on the records of a store. */
export function createFencedLeases<K, T extends Leasable>({
  name,
  store,
  toKey,
  now,
}: {
  readonly name: LeaseName;
  readonly store: Pick<Store<K, T>, 'find' | 'insert' | 'replace'>;
  readonly toKey: (record: T) => K;
  readonly now: () => number;
}): FencedLeases<T> {
  const write = async (
    held: Held<T>,
    lease: Lease | undefined,
    apply: (record: T) => T,
  ): Promise<Stored<T> | undefined> => {
    const written = await store.replace(held, { ...apply(held.value), lease });
    if (written) return written;
    const seen = await store.find(toKey(held.value));
    if (!seen || seen.value.fence !== held.value.fence) return undefined;
    if (seen.value.lease === undefined) return seen;
    return isSameHolder(seen.value, held.value) ? await write(seen, lease, apply) : undefined;
  };

  const isHeld = (record: T | undefined) => isLeased(name, record?.lease?.until, now());

  return {
    isHeld,
    async acquire(stored, create) {
      const record = stored?.value ?? create();
      if (isHeld(record)) return undefined;
      const lease = { owner: randomUUID(), until: toLeaseEnd(name, now()) };
      const leased = { ...record, fence: record.fence + 1, lease };
      const written = stored ? await store.replace(stored, leased) : await store.insert(leased);
      if (written) return written;
      const seen = await store.find(toKey(leased));
      return seen && isSameHolder(seen.value, leased) ? seen : undefined;
    },
    renew: (held, apply) => {
      const { lease } = held.value;
      return write(held, lease && { ...lease, until: toLeaseEnd(name, now()) }, apply);
    },
    release: (held, apply) => write(held, undefined, apply),
  };
}

function isSameHolder(seen: Leasable, own: Leasable): boolean {
  return seen.fence === own.fence && seen.lease?.owner === own.lease?.owner;
}
