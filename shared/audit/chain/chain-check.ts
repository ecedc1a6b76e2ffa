import { createSingleFlight } from '../../single-flight.ts';
import type { ChainReport, EventLedger } from '../event-ledger.ts';

/**
 * A walk that took a tenth of a second counts for three: auditors who page on don't wait for it
 * again and again.
 */
const REUSE_FACTOR = 30;

/**
 * Creates the check: the walk over the whole chain, shared by all who ask, and reused in proportion
 * to what it took.
 */
export function createChainCheck({
  events,
  now,
}: {
  events: Pick<EventLedger, 'verify'>;
  now: () => number;
}): () => Promise<ChainReport> {
  const share = createSingleFlight<ChainReport>();
  let known: { readonly report: ChainReport; readonly until: number } | undefined;

  const walk = async () => {
    const startedAt = now();
    const report = await events.verify();
    const endedAt = now();
    known = { report, until: endedAt + (endedAt - startedAt) * REUSE_FACTOR };
    return report;
  };

  return async () =>
    known && !known.report.problem && now() < known.until ? known.report : await share('', walk);
}
