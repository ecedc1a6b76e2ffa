import type { Tenant, TenantStatus } from '../../tenants/tenant.ts';
import type { IncidentSourceName } from '../../resources/incident-sources.ts';
import { type Instant, toTime } from '../instant.ts';
import { isPlausible } from '../sync/coverage.ts';
import { type SkippedIncident, type SkippedSummary, summarizeSkipped } from '../sync/skipped.ts';
import type { SyncFailure } from '../sync/sync-state.ts';
import type { WalkProblem } from '../walk/walk-error.ts';

/**
 * What is known to be complete of one tenant, so that "no incidents" and "could not look" differ.
 */
export interface CoverageReport {
  readonly tenantId: string;
  readonly tenantStatus: TenantStatus;
  /** The API that the next sync reads. */
  readonly source: IncidentSourceName;
  /** `undefined`: nothing is complete yet. */
  readonly completeFrom: Instant | undefined;
  readonly completeUpTo: Instant | undefined;
  /** How long ago everything was complete. */
  readonly dataAgeMs: number | undefined;
  readonly isLate: boolean;
  /** Incidents that could not be read, so that nothing is known of them. */
  readonly skipped: SkippedSummary;
  /** What holds the sync back now. */
  readonly problem: WalkProblem | undefined;
}

/** What a report is made with. */
export interface CoverageRules {
  /** The source of tenants that have none of their own. */
  readonly defaultSource: IncidentSourceName;
  /** What is older is late: three times the interval of the sync, and its safety lag. */
  readonly lateAfterMs: number;
}

/** What is known of a tenant's sync, by its state or by a summary of it. */
export interface KnownState {
  readonly source?: IncidentSourceName | undefined;
  readonly coverage:
    | { readonly completeFrom?: Instant | undefined; readonly completeUpTo: Instant | undefined }
    | undefined;
  readonly failure: Pick<SyncFailure, 'problem'> | undefined;
  readonly skipped: SkippedSummary | readonly SkippedIncident[];
}

/**
 * What is complete; `undefined` too where a clock that was ahead said so: nobody knows what it saw.
 */
export function findKnown(completeUpTo: Instant | undefined, now: number): Instant | undefined {
  return completeUpTo && isPlausible(toTime(completeUpTo), now) ? completeUpTo : undefined;
}

/** The report of a list in which stored incidents do not hold what was written. */
export function withUnreadable(
  report: CoverageReport,
  incidentIds: readonly string[],
  now: number,
): CoverageReport {
  const [incidentId] = incidentIds;
  if (incidentId === undefined) return report;
  const { count, isMore, newest } = report.skipped;
  const unreadable = { incidentId, reason: 'unreadable', since: now } as const;
  const skipped = { count: count + incidentIds.length, isMore, newest: newest ?? unreadable };
  return { ...report, skipped };
}

/** Reports on one tenant; without a state its sync has not begun. */
export function toCoverageReport(
  { tenantId, status }: Pick<Tenant, 'tenantId' | 'status'>,
  state: KnownState | undefined,
  { defaultSource, lateAfterMs, now }: CoverageRules & { readonly now: number },
): CoverageReport {
  const { skipped = [] } = state ?? {};
  const completeUpTo = findKnown(state?.coverage?.completeUpTo, now);
  const dataAgeMs = completeUpTo ? Math.max(0, now - toTime(completeUpTo)) : undefined;
  return {
    tenantId,
    tenantStatus: status,
    source: state?.source ?? defaultSource,
    completeFrom: completeUpTo && state?.coverage?.completeFrom,
    completeUpTo,
    dataAgeMs,
    isLate: dataAgeMs === undefined || dataAgeMs > lateAfterMs,
    skipped: 'count' in skipped ? skipped : summarizeSkipped(skipped),
    problem: state?.failure?.problem,
  };
}
