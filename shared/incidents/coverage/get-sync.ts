import type { Tenant } from '../../tenants/tenant.ts';
import { type CoverageReport, type CoverageRules, toCoverageReport } from './coverage-report.ts';
import type { SyncState, SyncStateStore } from '../sync/sync-state.ts';

/** Where the sync of a tenant stands; without a state it has not begun. */
export interface SyncStanding {
  readonly report: CoverageReport;
  readonly state: SyncState | undefined;
}

/** Looks up where the sync of a tenant stands. */
export type GetSync = (tenant: Tenant) => Promise<SyncStanding>;

/** Creates the look. */
export function createGetSync({
  syncStates,
  rules,
  now,
}: {
  syncStates: Pick<SyncStateStore, 'find'>;
  rules: CoverageRules;
  now: () => number;
}): GetSync {
  return async (tenant) => {
    const state = (await syncStates.find(tenant.tenantId))?.value;
    return { state, report: toCoverageReport(tenant, state, { ...rules, now: now() }) };
  };
}
