import { setTimeout as sleep } from 'node:timers/promises';
import { createFencedLeases, type Held } from '../../lease/fenced-lease.ts';
import { toDelayMs } from '../../retry/delay.ts';
import type { Stored } from '../../store.ts';
import {
  createTokenRecord,
  type TokenKey,
  type TokenRecord,
  type TokenStore,
} from '../token-record.ts';

/** The row as its lease holder wrote it: the proof that it may ask Entra and write the result. */
export type HeldRecord = Held<TokenRecord>;

/** The leases on the tokens' rows: the process that holds one asks Entra. */
export interface Leases {
  /** `undefined`: another process holds it, or was faster. */
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
  const toKey = (record: TokenRecord): TokenKey => record;
  const leases = createFencedLeases({ name: 'token', store: tokens, toKey, now });
  return {
    acquire: (key, stored) => leases.acquire(stored, () => createTokenRecord(key)),
    finish: leases.release,
    async untilFree(key, deadline) {
      for (let looks = 1; now() < deadline; looks++) {
        if (!leases.isHeld((await tokens.find(key))?.value)) return true;
        await sleep(toDelayMs('poll.lease', looks));
      }
      return false;
    },
  };
}
