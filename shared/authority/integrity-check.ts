import type { ChainReport, EventLedger } from '../audit/event-ledger.ts';
import { settleAll } from '../concurrency.ts';
import type { Log } from '../log.ts';
import type { Inspectables } from './inspection.ts';
import type { IntegrityMonitor, OpenFinding } from './integrity.ts';

/** What a look at everything showed. */
export interface IntegrityReport {
  readonly checkedAt: number;
  /** Rows that were looked at. */
  readonly rows: number;
  readonly findings: readonly OpenFinding[];
  readonly chain: ChainReport;
}

/** The last report, wherever it was made. */
export interface IntegrityReports {
  save(report: IntegrityReport): Promise<void>;
  /** `undefined`: there is none, or none that a broker wrote. */
  find(): Promise<IntegrityReport | undefined>;
}

/**
 * Looks at every row that decides something and at the whole chain; rejects when that was not
 * possible.
 */
export type CheckIntegrity = () => Promise<IntegrityReport>;

/** What the check is made of. */
interface IntegrityCheckParts {
  readonly tables: Inspectables;
  readonly events: Pick<EventLedger, 'verify'>;
  readonly monitor: IntegrityMonitor;
  readonly reports: IntegrityReports;
  /** The last number of the feed; `undefined`: its head is not believed. */
  readonly findFeedEnd: () => Promise<number | undefined>;
  readonly log: Log;
  readonly now: () => number;
}

/** Creates the check: the daily timer runs it, and operators after a finding. */
export function createIntegrityCheck(parts: IntegrityCheckParts): CheckIntegrity {
  const { tables, events, monitor, reports, log, now } = parts;
  return async () => {
    const checkedAt = now();
    const outcomes = await settleAll(Object.values(tables), 1, (table) => table.inspect());
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    const counts = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 0));
    const rows = counts.reduce((sum, count) => sum + count, 0);
    const chain = await events.verify();
    noteChain(monitor, chain);
    const report = { checkedAt, rows, findings: monitor.list(), chain };
    await reports.save(report);
    log.info('integrity.check', {
      rows,
      findings: report.findings.length,
      sequence: chain.head.sequence,
      hash: chain.head.hash,
      chain_holds: chain.problem === undefined,
      // An attacker that puts the feed back in storage can't put it back in the log.
      feed_last: await parts.findFeedEnd(),
      duration_ms: now() - checkedAt,
    });
    return report;
  };
}

function noteChain(monitor: IntegrityMonitor, { problem }: ChainReport): void {
  if (problem) monitor.report({ table: 'acts', key: 'chain', problem: problem.problem });
  else for (const key of ['chain', 'head']) monitor.clear('acts', key);
}
