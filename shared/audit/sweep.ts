import type { Log } from '../log.ts';
import type { EventLedger } from './event-ledger.ts';
import type { IssuanceLedger } from './ledger.ts';

/**
 * Removes what has ended: invitations, used values of `state`, and records past their retention.
 */
export type Sweep = () => Promise<void>;

/** One run's worth: what is left is taken by the next, long before a run could time out. */
const BATCH = 500;
const MAX_BATCHES = 40;

/** Creates the daily sweep. */
export function createSweep({
  removeExpired,
  ledgers,
  retentionMs,
  log,
  now,
}: {
  removeExpired: (now: number) => Promise<number>;
  ledgers: readonly Pick<EventLedger | IssuanceLedger, 'removeBefore'>[];
  retentionMs: number;
  log: Log;
  now: () => number;
}): Sweep {
  return async () => {
    const startedAt = now();
    const expired = await removeExpired(startedAt);
    let audit = 0;
    for (const ledger of ledgers) audit += await empty(ledger, startedAt - retentionMs);
    const duration = now() - startedAt;
    log.info('sweep.run', {
      expired_removed: expired,
      audit_removed: audit,
      duration_ms: duration,
    });
  };
}

async function empty(ledger: Pick<EventLedger, 'removeBefore'>, time: number): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const removed = await ledger.removeBefore(time, BATCH);
    total += removed;
    if (removed < BATCH) break;
  }
  return total;
}
