import { call } from '../api.ts';
import { type Loaded, useLoaded } from '../load.ts';
import type { Issuance } from '../parts/live-tokens.tsx';
import { hasRole } from '../session.ts';

const PAGE = 500;
const DAY_MS = 24 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;

/** Tokens of callers that work now, and what audit mode let pass in a week. */
export interface Held {
  readonly alive: ReadonlyMap<string, number>;
  readonly wouldBeRefused: ReadonlyMap<string, number>;
  /** There are more than were counted. */
  readonly isMore: boolean;
}

/** Counts by caller; nothing is asked for by who may not see the audit. */
export function useHeld(): Loaded<Held | undefined> {
  return useLoaded('held', async () => {
    if (!hasRole('Audit.Read')) return undefined;
    const [alive, refused] = await Promise.all([
      call('listIssuances', { query: { ...since(DAY_MS), live: 'true' } }),
      call('listIssuances', { query: { ...since(WEEK_MS), would_be_denied: 'true' } }),
    ]);
    return {
      alive: countByCaller(alive.value),
      wouldBeRefused: countByCaller(refused.value),
      isMore: alive.next_cursor !== undefined || refused.next_cursor !== undefined,
    };
  });
}

function since(agoMs: number) {
  return { since: new Date(Date.now() - agoMs).toISOString(), limit: PAGE };
}

function countByCaller(issuances: readonly Issuance[]): ReadonlyMap<string, number> {
  const groups = Map.groupBy(issuances, ({ caller }) => caller);
  return new Map([...groups].map(([caller, theirs]) => [caller, theirs.length]));
}
