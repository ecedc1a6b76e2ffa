import type { EventLedger } from '../audit/event-ledger.ts';
import type { IssuanceLedger } from '../audit/issuance-ledger.ts';
import type { Log } from '../log.ts';
import { removeInBatches, type SweepLimits } from './remove-in-batches.ts';
import type { GetRetentionMs } from './retention.ts';

/**
 * Removes what has ended: invitations, used values of `state`, and records past their retention.
 */
type SweepLedgers = () => Promise<void>;

/** One run's worth: what is left is taken by the next, long before a run could time out. */
const LIMITS: SweepLimits = { batch: 500, maxBatches: 40 };

/** Creates the daily sweep. */
export function createLedgerSweep({
  removeExpired,
  ledgers,
  getRetentionMs,
  log,
  now,
}: {
  removeExpired: (now: number) => Promise<number>;
  ledgers: readonly Pick<EventLedger | IssuanceLedger, 'removeBefore'>[];
  getRetentionMs: GetRetentionMs;
  log: Log;
  now: () => number;
}): SweepLedgers {
  return async () => {
    const startedAt = now();
    const expired = await removeExpired(startedAt);
    let audit = 0;
    const oldest = startedAt - getRetentionMs('audit');
    for (const ledger of ledgers) {
      audit += await removeInBatches((limit) => ledger.removeBefore(oldest, limit), LIMITS);
    }
    const duration = now() - startedAt;
    log.info('sweep.run', {
      expired_removed: expired,
      audit_removed: audit,
      duration_ms: duration,
    });
  };
}
