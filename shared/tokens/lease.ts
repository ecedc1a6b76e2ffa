import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stored } from '../store.ts';
import {
  createTokenRecord,
  type TokenKey,
  type TokenRecord,
  type TokenStore,
} from './token-record.ts';

/**
 * Longer than two requests to Entra (10 s each) and a read of the vault, so a living holder keeps
 * its lease.
 */
const LEASE_TIME = 45_000;

const FIRST_POLL = 40;
const MAX_POLL_MS = 400;

/** The row as its lease holder wrote it: the proof that it may ask Entra and write the result. */
export type HeldRecord = Stored<TokenRecord>;

/**
 * A fenced lease on one key across processes: the row's ETag makes it atomic, its fence number
 * names the holder.
 */
export interface Leases {
  /** `undefined`: somebody else holds it, or was faster. */
  acquire(key: TokenKey, stored: Stored<TokenRecord> | undefined): Promise<HeldRecord | undefined>;
  /**
   * Writes the outcome and gives the lease back; `undefined`: the lease was lost, nothing was
   * written.
   */
  finish(
    held: HeldRecord,
    apply: (record: TokenRecord) => TokenRecord,
  ): Promise<Stored<TokenRecord> | undefined>;
  /**
   * Waits until the row is no longer leased; `false`: it took until the deadline (epoch
   * milliseconds).
   */
  untilFree(key: TokenKey, deadline: number): Promise<boolean>;
}

/** Creates the leases of a process. */
export function createLeases({ tokens, now }: { tokens: TokenStore; now: () => number }): Leases {
  const isHeld = (record: TokenRecord | undefined) => (record?.lease?.until ?? 0) > now();

  /** The answer to a lease write can be lost; its retry then finds a changed row, changed by us. */
  const findOwn = async (leased: TokenRecord): Promise<HeldRecord | undefined> => {
    const seen = await tokens.find(leased);
    return seen && isSameLease(seen.value, leased) ? seen : undefined;
  };

  const finish: Leases['finish'] = async (held, apply) => {
    const written = await tokens.replace(held, { ...apply(held.value), lease: undefined });
    if (written) return written;
    const own = await findOwn(held.value);
    return own && (await finish(own, apply));
  };

  return {
    async acquire(key, stored) {
      const record = stored?.value ?? createTokenRecord(key);
      if (isHeld(record)) return undefined;
      const lease = { owner: randomUUID(), until: now() + LEASE_TIME };
      const leased = { ...record, fence: record.fence + 1, lease };
      const written = stored ? await tokens.replace(stored, leased) : await tokens.insert(leased);
      return written ?? (await findOwn(leased));
    },
    finish,
    async untilFree(key, deadline) {
      for (let pause = FIRST_POLL; now() < deadline; pause = Math.min(pause * 1.5, MAX_POLL_MS)) {
        if (!isHeld((await tokens.find(key))?.value)) return true;
        await sleep(pause);
      }
      return false;
    },
  };
}

function isSameLease(seen: TokenRecord, leased: TokenRecord): boolean {
  return seen.fence === leased.fence && seen.lease?.owner === leased.lease?.owner;
}
