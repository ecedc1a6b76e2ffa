import type { Lease } from '../../lease/leases.ts';
import type { IncidentSourceName } from '../../resources/incident-sources.ts';
import type { Store } from '../../store.ts';
import type { Instant } from '../instant.ts';
import type { Walk } from '../walk/walk.ts';
import type { WalkProblem } from '../walk/walk-error.ts';
import type { Coverage, FailedWindow } from './coverage.ts';
import type { SkippedIncident, SkippedSummary } from './skipped.ts';

/** What held the tenant back. */
export interface SyncFailure {
  readonly problem: WalkProblem;
  /** How many runs in a row, and how many of them since the walk last got on or was changed. */
  readonly count: number;
  readonly tries: number;
  /** Since when, and when last, in epoch milliseconds. */
  readonly since: number;
  readonly at: number;
  readonly retryAt: number;
}

/** Where one tenant's sync stands, and the lease on it: one row. Epoch milliseconds. */
export interface SyncState {
  readonly tenantId: string;
  /** `undefined`: as the setting INCIDENT_SOURCE says. */
  readonly source: IncidentSourceName | undefined;
  readonly dueAt: number;
  readonly walk: Walk | undefined;
  readonly coverage: Coverage | undefined;
  readonly failure: SyncFailure | undefined;
  /**
   * Windows that failed since the last complete walk, and rows that were skipped; the newest first.
   */
  readonly failed: readonly FailedWindow[];
  readonly skipped: readonly SkippedIncident[];
  /**
   * Calls of the last hour, oldest first: how many were begun in which ten seconds since the epoch.
   */
  readonly calls: readonly (readonly [slot: number, count: number])[];
  readonly lease: Lease | undefined;
  /** Grows with each lease. */
  readonly fence: number;
}

/** What the timer needs of a tenant's state. */
export interface SyncSummary {
  readonly tenantId: string;
  readonly dueAt: number;
  readonly leaseUntil: number | undefined;
  /** `undefined`: nothing is complete yet. */
  readonly completeUpTo: Instant | undefined;
  readonly skipped: SkippedSummary;
  readonly failure: SyncFailure | undefined;
}

/** The tenants' sync states. */
export interface SyncStateStore extends Store<string, SyncState> {
  /** Every tenant's, page by page. */
  summaries(): AsyncIterable<readonly SyncSummary[]>;
}

/** A tenant that was never looked at: due at once. */
export function createSyncState(tenantId: string): SyncState {
  return {
    tenantId,
    source: undefined,
    dueAt: 0,
    walk: undefined,
    coverage: undefined,
    failure: undefined,
    failed: [],
    skipped: [],
    calls: [],
    lease: undefined,
    fence: 0,
  };
}
