import type { CoverageReport } from '../../shared/incidents/coverage/coverage-report.ts';
import type { FleetCoverage } from '../../shared/incidents/coverage/fleet-coverage.ts';
import type { SyncStanding } from '../../shared/incidents/coverage/get-sync.ts';
import { SOURCE_FAILURES } from '../../shared/incidents/source-failure.ts';
import {
  isMissing,
  type SkippedIncident,
  type SkippedSummary,
} from '../../shared/incidents/sync/skipped.ts';
import type { SyncFailure } from '../../shared/incidents/sync/sync-state.ts';
import type { Tenant } from '../../shared/tenants/tenant.ts';
import { FAILURES } from '../../shared/tokens/failure-table.ts';

/** The coverage of one tenant beside its incidents. */
export function toCoverageJson(report: CoverageReport) {
  return {
    tenant_id: report.tenantId,
    tenant_status: report.tenantStatus,
    ...toCompleteJson(report),
    skipped: toSkippedJson(report.skipped),
    ...(report.problem && { problem: report.problem }),
  };
}

/** The coverage of all tenants of a caller. */
export function toFleetJson({ tenants, late, lateCount, ...fleet }: FleetCoverage) {
  return {
    tenants,
    complete_up_to: fleet.completeUpTo,
    data_age_seconds: toSeconds(fleet.dataAgeMs),
    late_count: lateCount,
    late: late.map(({ tenant, completeUpTo, dataAgeMs }) => ({
      tenant_id: tenant.tenantId,
      tenant_name: tenant.displayName,
      tenant_status: tenant.status,
      complete_up_to: completeUpTo,
      data_age_seconds: toSeconds(dataAgeMs),
    })),
    skipped_count: fleet.skippingCount,
    skipped: fleet.skipping.map(({ tenantId, skipped }) => ({
      tenant_id: tenantId,
      ...toSkippedJson(skipped),
    })),
  };
}

/** `at_least`: there are more than are remembered one by one. */
function toSkippedJson({ count, isMore, newest }: SkippedSummary) {
  return {
    count,
    ...(isMore && { at_least: true }),
    ...(newest && {
      newest: {
        incident_id: newest.incidentId,
        reason: newest.reason,
        since: toIso(newest.since),
      },
    }),
  };
}

/** How old a tenant's incidents are, beside the tenant. */
export function toDataJson(report: CoverageReport) {
  const { completeUpTo, dataAgeMs, isLate, skipped, problem } = report;
  return {
    complete_up_to: completeUpTo,
    data_age_seconds: toSeconds(dataAgeMs),
    late: isLate,
    skipped: skipped.count,
    problem,
  };
}

/** The whole ledger of one tenant's sync, for operators. */
export function toSyncJson({ report, state }: SyncStanding, tenant: Tenant) {
  const { coverage, failure, skipped = [] } = state ?? {};
  return {
    ...toCompleteJson(report),
    complete_source: coverage?.source,
    reconciled_at: toIso(coverage?.reconciledAt),
    due_at: toIso(state?.dueAt),
    ...(state?.walk && { running: state.walk.kind }),
    ...(failure && { last_failure: toFailureJson(failure, tenant) }),
    failed_windows: (state?.failed ?? []).map(({ kind, from, problem, at }) => ({
      kind,
      from,
      problem,
      at: toIso(at),
    })),
    skipped: skipped.filter(isMissing).map((one) => ({
      ...toRowJson(one),
      tries: one.tries,
      retry_at: toIso(one.retryAt),
    })),
    remarks: skipped.filter((one) => !isMissing(one)).map(toRowJson),
  };
}

function toRowJson({ incidentId, reason, since }: SkippedIncident) {
  return { incident_id: incidentId, reason, since: toIso(since) };
}

function toCompleteJson(report: CoverageReport) {
  return {
    source: report.source,
    complete_from: report.completeFrom,
    complete_up_to: report.completeUpTo,
    data_age_seconds: toSeconds(report.dataAgeMs),
    late: report.isLate,
  };
}

/** Without a token it is the tenant's own failure that somebody has to act on. */
function toFailureJson({ problem, ...failure }: SyncFailure, tenant: Tenant) {
  const ofToken = problem === 'no_token' && tenant.failure ? FAILURES[tenant.failure.cause] : null;
  const { owner, description, remedy } = ofToken ?? SOURCE_FAILURES[problem];
  return {
    problem,
    owner,
    description,
    remedy,
    runs: failure.count,
    since: toIso(failure.since),
    at: toIso(failure.at),
    retry_at: toIso(failure.retryAt),
  };
}

function toSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.floor(milliseconds / 1000);
}

function toIso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
