import type { Probe } from '../health/health-check.ts';
import { hasEnded, type IntegrityMonitor, type OpenFinding } from './integrity.ts';
import type { IntegrityReport, IntegrityReports } from './integrity-check.ts';
import type { Refusals } from './refusals.ts';

/** Rows that a health check names. */
const MAX_ROWS = 20;

/**
 * Creates the probe: what this process has found and not found right since, what any process has
 * refused within the hour, and what the last check of everything found.
 */
export function createIntegrityProbe({
  monitor,
  reports,
  refusals,
  now,
}: {
  monitor: IntegrityMonitor;
  reports: IntegrityReports;
  refusals: Pick<Refusals, 'list'>;
  now: () => number;
}): Probe {
  return async () => {
    const [last, refused] = await Promise.all([reports.find(), refusals.list()]);
    const checked = last?.findings.filter((finding) => !hasEnded(finding, now())) ?? [];
    const found = merge(monitor.list(), [...checked, ...refused]);
    const lastCheck = last && { last_check: toCheckJson(last) };
    if (found.length === 0) return { ...lastCheck };
    return {
      down: {
        problem: 'Storage holds what somebody else than the broker wrote, or lacks what it wrote.',
        remedy:
          'See the runbook, "Somebody writes into our storage"; then POST /api/integrity/check.',
        findings: found.length,
        rows: found.slice(0, MAX_ROWS).map(toFindingJson),
        ...lastCheck,
      },
    };
  };
}

/** What this process knows is newer. */
function merge(
  own: readonly OpenFinding[],
  checked: readonly OpenFinding[],
): readonly OpenFinding[] {
  const toName = ({ table, key }: OpenFinding) => `${table}|${key}`;
  return [...new Map([...checked, ...own].map((finding) => [toName(finding), finding])).values()];
}

/** A finding as the API shows it. */
export function toFindingJson({ table, key, problem, digest, since, seenAt }: OpenFinding) {
  return { table, key, problem, digest, since: toIso(since), seen_at: toIso(seenAt) };
}

function toCheckJson({ checkedAt, rows, chain }: IntegrityReport) {
  return {
    checked_at: toIso(checkedAt),
    rows,
    chain_holds: chain.problem === undefined,
    head_sequence: chain.head.sequence,
    head_hash: chain.head.hash,
  };
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}
