import type { Store } from '../../store.ts';
import type { IncidentSourceName } from '../incident.ts';
import type { SetAside, SourceProblem } from '../incident-source.ts';
import type { Instant } from '../instant.ts';
import type { SeenOrder } from './list-order.ts';

/** What a walk through the API's list is for. `changes` since the watermark, the first `backfill`, or a daily `reconciliation`. */
export type ScanKind = 'backfill' | 'changes' | 'reconciliation';

/** A walk through the API's list that may go on in another message. */
export interface Scan {
  readonly kind: ScanKind;
  readonly source: IncidentSourceName;
  /** What is complete when it ends: everything up to this epoch time, less the safety lag. */
  readonly startedAt: number;
  /** Where the walk began … */
  readonly begin: Instant;
  /** … and the window that is under way; without `to` it is open. */
  readonly from: Instant;
  readonly to: Instant | undefined;
  readonly skip: number;
  readonly top: number;
  /** `none`: the list shows none that helps; `undefined`: it was not looked at yet. */
  readonly order: SeenOrder | 'none' | undefined;
  /** The API's own link to the next page, where rows can't be counted. */
  readonly link: string | undefined;
  /** What the page before held, `<id> <last update>`, and how many of its rows the next one begins with. */
  readonly tail: readonly string[];
  readonly shared: number;
  /** How many links were followed, or rows stepped over, on end. */
  readonly hops: number;
}

/** What held the tenant back. */
export interface SyncFailure {
  readonly problem: SourceProblem | 'no_token' | 'partial' | 'unstable_list';
  /** How many runs in a row. */
  readonly count: number;
  /** Since when, and when last, in epoch milliseconds. */
  readonly since: number;
  readonly at: number;
  readonly retryAt: number;
}

/** A window that could not be read, until a later one covered it. Epoch milliseconds. */
export interface FailedWindow {
  readonly kind: ScanKind;
  readonly from: Instant;
  readonly problem: SyncFailure['problem'];
  readonly at: number;
}

/** A row that could not be used, and when that was noted. */
export interface NotedSetAside extends SetAside {
  readonly at: number;
}

/** What is known to be complete, of one source. */
export interface Coverage {
  readonly source: IncidentSourceName;
  /** Every incident that was updated from here … */
  readonly completeFrom: Instant;
  /** … up to here is stored. */
  readonly completeUpTo: Instant;
  /** When the last 48 h were last read again, in epoch milliseconds. */
  readonly reconciledAt: number | undefined;
}

/** Where one tenant's sync stands, and the lease on it: one row. Epoch milliseconds. */
export interface SyncState {
  readonly tenantId: string;
  /** `undefined`: as the setting INCIDENT_SOURCE says. */
  readonly source: IncidentSourceName | undefined;
  readonly dueAt: number;
  readonly scan: Scan | undefined;
  readonly coverage: Coverage | undefined;
  readonly failure: SyncFailure | undefined;
  /** Windows that failed since the last complete walk, and rows that were set aside; the newest first. */
  readonly failed: readonly FailedWindow[];
  readonly setAside: readonly NotedSetAside[];
  /** Calls of the last hour, oldest first: how many were begun in which ten seconds since the epoch. */
  readonly calls: readonly (readonly [slot: number, count: number])[];
  readonly lease: { readonly owner: string; readonly until: number } | undefined;
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
    scan: undefined,
    coverage: undefined,
    failure: undefined,
    failed: [],
    setAside: [],
    calls: [],
    lease: undefined,
    fence: 0,
  };
}
