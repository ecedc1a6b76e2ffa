import { randomUUID } from 'node:crypto';
import type { Stored } from '../../store.ts';
import { createSyncState, type SyncState, type SyncStateStore } from './sync-state.ts';

/** Longer than a page may take: 30 s to read it, and the writes. It is prolonged with each page. */
export const LEASE_TIME = 2 * 60_000;

/** Clocks of processes differ by less than this. */
const SKEW = 10 * 60_000;

/**
 * Whether a lease that runs until then is held; one that runs for longer than any does is a wrong
 * clock's.
 */
export function isHeld(until: number, now: number): boolean {
  return until > now && until <= now + LEASE_TIME + SKEW;
}

/** A tenant's state as its lease holder wrote it last. */
export interface SyncLease {
  /** What was written last. */
  readonly state: SyncState;
  /** Writes the state and keeps the lease; `undefined`: the lease was lost, nothing was written. */
  keep(state: SyncState): Promise<SyncLease | undefined>;
  /** Writes the state and gives the lease back; `false`: it was lost, nothing was written. */
  release(state: SyncState): Promise<boolean>;
}

/** Takes the lease on a tenant's sync; `undefined`: somebody else holds it, or was faster. */
export async function acquireLease(
  { states, now }: { states: SyncStateStore; now: () => number },
  tenantId: string,
  stored: Stored<SyncState> | undefined,
): Promise<SyncLease | undefined> {
  const state = stored?.value ?? createSyncState(tenantId);
  if (isHeld(state.lease?.until ?? 0, now())) return undefined;
  const owner = randomUUID();
  const leased = { ...state, fence: state.fence + 1, lease: { owner, until: now() + LEASE_TIME } };
  const written = stored ? await states.replace(stored, leased) : await states.insert(leased);
  return written && toLease(written);

  function toLease(held: Stored<SyncState>): SyncLease {
    const write = (next: SyncState) => overwrite(states, held, { next, owner });
    return {
      state: held.value,
      async keep(next) {
        const kept = await write({ ...next, lease: { owner, until: now() + LEASE_TIME } });
        return kept && toLease(kept);
      },
      release: async (next) => (await write({ ...next, lease: undefined })) !== undefined,
    };
  }
}

/**
 * Writes over what the holder wrote last. If the row is another one, but under the same lease, then
 * either the answer to this very write was lost, or an operator chose another source meanwhile,
 * which stands.
 */
async function overwrite(
  states: SyncStateStore,
  held: Stored<SyncState>,
  { next, owner }: { next: SyncState; owner: string },
): Promise<Stored<SyncState> | undefined> {
  const written = await states.replace(held, next);
  if (written) return written;
  const seen = await states.find(next.tenantId);
  if (seen?.value.fence !== next.fence) return undefined;
  if (seen.value.lease === undefined) return seen;
  if (seen.value.lease.owner !== owner) return undefined;
  return await states.replace(seen, { ...next, source: seen.value.source });
}
