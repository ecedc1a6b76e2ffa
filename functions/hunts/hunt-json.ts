import type { HuntedTenant, HuntState } from '../../shared/hunting/admin/hunts.ts';
import {
  type Column,
  type Hunt,
  type HuntProgress,
  type HuntRun,
  hasEnded,
  toHuntStatus,
} from '../../shared/hunting/hunt.ts';
import { HUNTING_ROLE } from '../../shared/hunting/run/find-target.ts';
import { HUNT_PROBLEMS, type HuntProblem, toHuntVerdict } from '../../shared/hunting/verdict.ts';

/** A hunt as the API shows it. */
export function toHuntJson({ hunt, progress }: HuntState) {
  const { timespan } = hunt;
  return {
    hunt_id: hunt.id,
    name: hunt.name,
    saved_query: hunt.savedQuery,
    status: toHuntStatus(progress),
    created_at: toTime(hunt.createdAt),
    cancelled_at: toTime(progress.cancelledAt),
    finished_at: toTime(progress.finishedAt),
    timespan: timespan && { from: toTime(timespan.from), to: toTime(timespan.to) },
    max_rows: hunt.maxRows,
    max_total_rows: hunt.maxTotalRows,
    rows: progress.rows,
    tenants: toCounts(progress),
    verdicts: progress.verdicts,
    status_url: `/api/hunts/${hunt.id}`,
    results_url: `/api/hunts/${hunt.id}/results`,
  };
}

/** A column as the API shows it. */
export function toColumnJson({ name, type, widenedFrom }: Column) {
  return { name, type, widened_from: widenedFrom };
}

/** A customer of a hunt as the API shows it. */
export function toTenantJson(
  { run, tenant, name }: HuntedTenant,
  { hunt, consentUrl }: { hunt: Hunt; consentUrl: string | undefined },
) {
  // A caller that lost the grant gets the same answer as a stranger.
  const isHidden = run.tenantId !== undefined && tenant === undefined;
  const problem = isHidden ? 'not_granted' : run.problem;
  return {
    tenant_id: run.tenantId,
    tenant_name: tenant?.displayName,
    named: name,
    status: isHidden ? 'ended' : toRunStatus(run),
    ...(hasEnded(run) || isHidden ? toVerdictJson(problem) : toProgressJson(run)),
    rows: isHidden ? 0 : run.rows,
    calls: isHidden ? 0 : run.calls,
    duration_ms: toDuration(run),
    ...(!isHidden && toRefusalJson(run, hunt)),
    ...(problem === 'role_missing' && { missing_roles: [HUNTING_ROLE] }),
    consent_url: isHidden ? undefined : consentUrl,
  };
}

/** How it ended, why, and whose turn it is. */
export function toVerdictJson(problem: HuntProblem | undefined) {
  const verdict = toHuntVerdict(problem);
  if (problem === undefined) return { verdict };
  const { owner, description, remedy } = HUNT_PROBLEMS[problem];
  return { verdict, problem, owner, description, remedy };
}

/** Microsoft's own words about a query, with the place in the caller's text. */
export function toRefusalJson(
  { refusal }: HuntRun,
  { boundLines }: Hunt,
): { microsoft?: string; line?: number; column?: number | undefined } {
  if (!refusal) return {};
  const { sentence, line, column } = refusal;
  const own = line === undefined ? undefined : line - boundLines;
  return { microsoft: sentence, ...(own !== undefined && own > 0 && { line: own, column }) };
}

function toCounts({ total, started, waiting, ended }: HuntProgress) {
  return {
    total,
    pending: total - started,
    running: Math.max(0, started - waiting - ended),
    waiting,
    ended,
  };
}

function toRunStatus(run: HuntRun): string {
  if (hasEnded(run)) return 'ended';
  if (run.isWaiting) return 'waiting';
  return run.startedAt === undefined ? 'pending' : 'running';
}

function toProgressJson({ isWaiting, dueAt }: HuntRun) {
  return isWaiting ? { retry_at: toTime(dueAt) } : {};
}

function toDuration({ startedAt, endedAt }: HuntRun): number | undefined {
  return startedAt === undefined || endedAt === undefined ? undefined : endedAt - startedAt;
}

function toTime(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
