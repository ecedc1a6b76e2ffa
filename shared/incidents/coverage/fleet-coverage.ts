import { MINUTE } from '../../time.ts';
import { type CachedDirectory, createCachedDirectory } from '../../cached-directory.ts';
import { readAllTenants } from '../../tenants/all-tenants.ts';
import { type Tenant, type TenantStore, isServed } from '../../tenants/tenant.ts';
import { type Instant, earlier, toInstant, toTime } from '../instant.ts';
import { findKnown } from './coverage-report.ts';
import { type SkippedSummary, summarizeSkipped } from '../sync/skipped.ts';
import type { SyncFailure, SyncStateStore, SyncSummary } from '../sync/sync-state.ts';

/** How complete the incidents of many tenants are. */
export interface FleetCoverage {
  /** How many tenants this is about: those that are synced, and those that have been. */
  readonly tenants: number;
  /** Of the tenants that are synced, the one least complete; `undefined`: one of them never was. */
  readonly completeUpTo: Instant | undefined;
  readonly dataAgeMs: number | undefined;
  /** Those whose silence says nothing, the oldest first. */
  readonly late: readonly LateTenant[];
  /** How many there are: `late` names the first of them. */
  readonly lateCount: number;
  /** Those of whose incidents some could not be read, the most recent first. */
  readonly skipping: readonly SkippingTenant[];
  /** How many there are: `skipping` names the first of them. */
  readonly skippingCount: number;
}

/** A tenant with incidents that could not be read. */
interface SkippingTenant {
  readonly tenantId: string;
  readonly skipped: SkippedSummary;
}

/** A tenant whose data is old, or that is not synced (any more). */
interface LateTenant {
  readonly tenant: Tenant;
  readonly completeUpTo: Instant | undefined;
  readonly dataAgeMs: number | undefined;
}

/** Reports on those of all tenants that pass the filter. */
export type GetFleetCoverage = (
  isAsked: (tenant: Tenant) => boolean | Promise<boolean>,
) => Promise<FleetCoverage>;

/** A tenant with what is known of its sync. */
export interface Standing {
  readonly tenant: Tenant;
  /** `undefined`: nothing is complete yet. */
  readonly completeUpTo: Instant | undefined;
  readonly skipped: SkippedSummary;
  readonly failure: SyncFailure | undefined;
}

/**
 * What was complete stays so: an older report says less, never something wrong. Where reading all
 * takes long, as with 10,000 tenants, the view is kept five times as long as that took: a process
 * spends a sixth of its time on it at most.
 */
const MIN_REPORT_AGE_MS = 10_000;
const MAX_REPORT_AGE_MS = MINUTE;
const AGE_PER_READING = 5;

function toReportAge(readMs: number): number {
  return Math.min(MAX_REPORT_AGE_MS, Math.max(MIN_REPORT_AGE_MS, AGE_PER_READING * readMs));
}

/** More tenants than people look at one by one. */
const MAX_NAMED_COUNT = 50;

/** Where all tenants stand, as this process knows them. */
export type FleetDirectory = CachedDirectory<readonly Standing[]>;

/** Creates the cached view of the tenants with their sync states: a read per thousand of each. */
export function createFleetDirectory({
  tenants,
  syncStates,
  now,
}: {
  tenants: Pick<TenantStore, 'list'>;
  syncStates: Pick<SyncStateStore, 'summaries'>;
  now: () => number;
}): FleetDirectory {
  const find = async () => {
    // The states first: a tenant that comes meanwhile then counts as never complete, not as
    // complete.
    const summaries = new Map<string, SyncSummary>();
    for await (const page of syncStates.summaries()) {
      for (const summary of page) summaries.set(summary.tenantId, summary);
    }
    const value = (await readAllTenants(tenants)).map((tenant) =>
      toStanding(tenant, summaries.get(tenant.tenantId)),
    );
    return { value, etag: '' };
  };
  return createCachedDirectory({ records: { find }, maxAge: toReportAge, now });
}

/** Creates the report. */
export function createGetFleetCoverage({
  fleet,
  lateAfterMs,
  now,
}: {
  fleet: FleetDirectory;
  lateAfterMs: number;
  now: () => number;
}): GetFleetCoverage {
  return async (isAsked) => {
    const asked: Standing[] = [];
    for (const standing of (await fleet.get('all')) ?? []) {
      if (standing.tenant.status === 'offboarded') continue;
      // Ten thousand promises that are kept already would cost more than all the rest.
      const answer = isAsked(standing.tenant);
      if (!(typeof answer === 'boolean' ? answer : await answer)) continue;
      asked.push({ ...standing, completeUpTo: findKnown(standing.completeUpTo, now()) });
    }
    // Instants are compared as texts: reading ten thousand of them takes longer than all the rest.
    const lateBefore = toInstant(now() - lateAfterMs);
    const late = asked
      .filter(({ completeUpTo }) => completeUpTo === undefined || completeUpTo < lateBefore)
      .map((standing) => ({ ...standing, dataAgeMs: toAge(standing.completeUpTo, now()) }))
      .sort((a, b) => ((a.completeUpTo ?? '') < (b.completeUpTo ?? '') ? -1 : 1));
    const skipping = asked
      .filter(({ skipped }) => skipped.count > 0)
      .sort((a, b) => (b.skipped.newest?.since ?? 0) - (a.skipped.newest?.since ?? 0))
      .map(({ tenant: { tenantId }, skipped }) => ({ tenantId, skipped }));
    const completeUpTo = toLeast(asked.filter(({ tenant }) => isServed(tenant)));
    return {
      tenants: asked.length,
      completeUpTo,
      dataAgeMs: toAge(completeUpTo, now()),
      late: late.slice(0, MAX_NAMED_COUNT),
      lateCount: late.length,
      skipping: skipping.slice(0, MAX_NAMED_COUNT),
      skippingCount: skipping.length,
    };
  };
}

function toStanding(tenant: Tenant, summary: SyncSummary | undefined): Standing {
  const { completeUpTo, failure, skipped = summarizeSkipped([]) } = summary ?? {};
  return { tenant, completeUpTo, failure, skipped };
}

function toLeast(standings: readonly Standing[]): Instant | undefined {
  const instants = standings.map(({ completeUpTo }) => completeUpTo);
  const [first] = instants;
  return instants.reduce((one, other) => one && other && earlier(one, other), first);
}

function toAge(completeUpTo: Instant | undefined, now: number): number | undefined {
  return completeUpTo ? Math.max(0, now - toTime(completeUpTo)) : undefined;
}
