import { MAX_CLOCK_SKEW_MS, MINUTE } from '../time.ts';
/**
 * Who works on a row, until when: no other process works on it meanwhile. A lease ends by itself,
 * so a process that died blocks nobody for longer than its time. Epoch milliseconds.
 */
export interface Lease {
  readonly owner: string;
  readonly until: number;
}

/**
 * How long each lease lasts: longer than the longest step that its holder takes before it renews
 * it. Milliseconds.
 */
export const LEASE_TIMES_MS = {
  /** Two requests to Entra (10 s each) and a read of the vault. */
  token: 45_000,
  /** A page (30 s to read it, and the writes). Each page renews it. */
  sync: 2 * MINUTE,
  /** A hunting query (230 s), with what has to be written after it. Each query renews it. */
  hunt: 5 * MINUTE,
  /** Little more than one delivery (15 s); renewed where less is left. */
  webhook: 20_000,
} as const;

/** What is leased. */
export type LeaseName = keyof typeof LEASE_TIMES_MS;

/** When a lease ends that is taken or renewed now. */
export function toLeaseEnd(name: LeaseName, now: number): number {
  return now + LEASE_TIMES_MS[name];
}

/**
 * Whether a process holds a lease that runs until then. One that runs for longer than any lease
 * does was written by a wrong clock and holds no process off.
 */
export function isLeased(name: LeaseName, until: number | undefined, now: number): boolean {
  return until !== undefined && until > now && until <= toLeaseEnd(name, now) + MAX_CLOCK_SKEW_MS;
}
