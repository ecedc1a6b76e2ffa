import { setTimeout as sleep } from 'node:timers/promises';
import type { Stored } from '../store.ts';
import {
  createTokenRecord,
  type TokenKey,
  type TokenRecord,
  type TokenStore,
} from './token-record.ts';

/** Longer than the longest request to Entra with its credential, so a living holder never loses its lease. */
const LEASE_TIME = 30_000;

/** How long a request waits for another process's refresh before it answers "try again". */
const LONGEST_WAIT = 12_000;

const FIRST_POLL = 40;
const LONGEST_POLL = 400;

/** The row as its lease holder wrote it: the proof that it may ask Entra and write the result. */
export type HeldRecord = Stored<TokenRecord>;

/** A fenced lease on one key across processes: the row's ETag makes it atomic, its fence number names the holder. */
export interface Leases {
  /** `undefined`: somebody else holds it, or was faster. */
  acquire(key: TokenKey, stored: Stored<TokenRecord> | undefined): Promise<HeldRecord | undefined>;
  /** Writes the outcome and gives the lease back; `undefined`: the lease was lost, nothing was written. */
  finish(
    held: HeldRecord,
    apply: (record: TokenRecord) => TokenRecord,
  ): Promise<Stored<TokenRecord> | undefined>;
  /** Waits until the row is no longer leased; `undefined`: it took too long. */
  untilFree(key: TokenKey): Promise<{ stored: Stored<TokenRecord> | undefined } | undefined>;
}

/** Creates the leases of one process; `owner` is for people who read the table. */
export function createLeases({
  tokens,
  owner,
  now,
}: {
  tokens: TokenStore;
  owner: string;
  now: () => number;
}): Leases {
  const isHeld = (record: TokenRecord | undefined) => (record?.lease?.until ?? 0) > now();

  const finish: Leases['finish'] = async (held, apply) => {
    const written = await tokens.replace(held, { ...apply(held.value), lease: undefined });
    if (written) return written;
    const seen = await tokens.find(held.value);
    if (seen?.value.fence !== held.value.fence) return undefined;
    return await finish(seen, apply);
  };

  return {
    async acquire(key, stored) {
      const record = stored?.value ?? createTokenRecord(key);
      if (isHeld(record)) return undefined;
      const leased = {
        ...record,
        fence: record.fence + 1,
        lease: { owner, until: now() + LEASE_TIME },
      };
      return stored ? await tokens.replace(stored, leased) : await tokens.insert(leased);
    },
    finish,
    async untilFree(key) {
      const deadline = now() + LONGEST_WAIT;
      for (let pause = FIRST_POLL; now() < deadline; pause = Math.min(pause * 1.5, LONGEST_POLL)) {
        const stored = await tokens.find(key);
        if (!isHeld(stored?.value)) return { stored };
        await sleep(pause);
      }
      return undefined;
    },
  };
}
