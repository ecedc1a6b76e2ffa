import type { EpochWatch } from '../../epoch.ts';
import type { FencedLeases, Held } from '../../lease/fenced-lease.ts';
import type { Log } from '../../log.ts';
import type { IncidentSourceName } from '../../resources/incident-sources.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { TenantDirectory } from '../../tenants/tenant-directory.ts';
import type { IncidentSource } from '../incident-source.ts';
import type { IncidentStore } from '../incident-store.ts';
import type { WriteIncidents } from '../incident-writer.ts';
import type { PageOutcome } from '../walk/page.ts';
import type { Walk } from '../walk/walk.ts';
import type { WalkError } from '../walk/walk-error.ts';
import { type Calls, spend, toShare } from './budget.ts';
import { complete, noteFailed } from './coverage.ts';
import { toNewTries, toRetry } from './retry.ts';
import { retrySkipped } from './retry-skipped.ts';
import {
  listRetries,
  recordSkipped,
  type SkippedIncident,
  settleSkipped,
  summarizeSkipped,
} from './skipped.ts';
import { toNextDue, toSyncFailure } from './sync-schedule.ts';
import type { SyncState, SyncStateStore } from './sync-state.ts';

/** Puts a tenant's message into the queue, to be delivered after a delay in milliseconds. */
export type EnqueueSync = (tenantId: string, delayMs: number) => Promise<void>;

/** What the sync of a tenant is made of. */
export interface SyncTenantParts {
  readonly directory: TenantDirectory;
  readonly watch: Pick<EpochWatch, 'ensureCurrent'>;
  readonly states: SyncStateStore;
  readonly sources: Readonly<Record<IncidentSourceName, IncidentSource>>;
  readonly incidents: IncidentStore;
  readonly write: WriteIncidents;
  readonly enqueue: EnqueueSync;
  readonly defaultSource: IncidentSourceName;
  readonly intervalMs: number;
  readonly backfillMs: number;
  /** What the proxy's callers used of the same quota; `undefined`: nothing. */
  readonly findProxiedCalls: (
    tenantId: string,
    source: IncidentSourceName,
  ) => Promise<{ readonly calls: Calls; readonly blockedUntil: number } | undefined>;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
}

/** A run under the lease: what it holds changes with each page. */
export interface Run {
  readonly parts: SyncTenantParts;
  readonly startedAt: number;
  readonly leases: FencedLeases<SyncState>;
  held: Held<SyncState>;
  restarts: number;
  changed: number;
  calls: number;
}

/** Writes the state and keeps the lease; `false`: the lease was lost, nothing was written. */
export async function keepLease(current: Run, state: SyncState): Promise<boolean> {
  const held = await current.leases.renew(current.held, withChosenSource(state));
  if (held) current.held = held;
  return held !== undefined;
}

/** Writes the state and gives the lease back; `false`: it was lost, nothing was written. */
export async function releaseLease({ leases, held }: Run, state: SyncState): Promise<boolean> {
  return (await leases.release(held, withChosenSource(state))) !== undefined;
}

/** The source that an operator chose meanwhile stands. */
function withChosenSource(state: SyncState): (seen: SyncState) => SyncState {
  return ({ source }) => ({ ...state, source });
}

/** How far a walk has come. */
interface Walked {
  readonly state: SyncState;
  readonly walk: Walk;
}

/** The state after a page. */
export function notePage(
  current: Run,
  { state, walk }: Walked,
  { calls, changed, isRead, ...page }: PageOutcome,
): SyncState {
  const { now } = current.parts;
  current.changed += changed;
  current.calls += calls;
  let spent = state.calls;
  for (let call = 0; call < calls; call++) spent = spend(spent, now());
  const skipped = recordSkipped(state.skipped, page, { walk, at: now() });
  warnOfSkipped(current.parts, { state, walk }, skipped);
  const failure = isRead ? toNewTries(state.failure) : state.failure;
  return { ...state, calls: spent, skipped, failure };
}

/** The quota is used up, or the time: the walk goes on in another message. */
export async function pause(current: Run, state: SyncState, wait: number): Promise<void> {
  const { parts } = current;
  count(current, state, 'paused');
  const isReleased = await releaseLease(current, { ...state, dueAt: parts.now() + wait });
  if (isReleased) await parts.enqueue(state.tenantId, wait);
}

/** Only this tenant waits. */
export async function fail(current: Run, { state, walk }: Walked, error: WalkError): Promise<void> {
  const { parts, calls } = current;
  count(current, { ...state, walk }, error.problem);
  const failure = toSyncFailure(state.failure, error, parts.now());
  const failed = noteFailed(state.failed, walk, failure);
  const retry = toRetry(walk, failure);
  await releaseLease(current, { ...state, ...retry, failed, dueAt: failure.retryAt });
  parts.log.warn('sync.failed', {
    tenant: state.tenantId,
    source: walk.source,
    problem: failure.problem,
    count: failure.count,
    retry_in_seconds: Math.round((failure.retryAt - parts.now()) / 1000),
    calls,
  });
}

/** The walk is complete; what was skipped before is tried again. */
export async function finish(current: Run, walked: Walked): Promise<void> {
  const { walk } = walked;
  const state = await fetchSkipped(current, walked);
  if (!state) return;
  const { parts, changed, calls, startedAt } = current;
  count(current, { ...state, walk }, 'complete');
  const { tenantId } = state;
  const now = parts.now();
  await releaseLease(current, {
    ...state,
    skipped: settleSkipped(state.skipped, walk),
    walk: undefined,
    failure: undefined,
    failed: [],
    coverage: complete(state.coverage, walk),
    dueAt: toNextDue(tenantId, parts.intervalMs, now),
  });
  if (changed === 0 && !state.failure) return;
  const { source, kind } = walk;
  const duration_ms = now - startedAt;
  parts.log.info('sync.tenant', { tenant: tenantId, source, kind, changed, calls, duration_ms });
}

/** What was skipped before and may be readable now; `undefined`: the lease was lost. */
async function fetchSkipped(current: Run, { state, walk }: Walked): Promise<SyncState | undefined> {
  const { parts } = current;
  if (listRetries(state.skipped, parts.now()).length === 0) return state;
  if (!(await keepLease(current, { ...state, walk }))) return undefined;
  const source = parts.sources[walk.source];
  const { changed, ...after } = await retrySkipped({ ...parts, source }, state.tenantId, state);
  current.changed += changed;
  return { ...state, ...after };
}

function count({ parts }: Run, { walk, calls }: SyncState, outcome: string): void {
  const source = walk?.source ?? parts.defaultSource;
  parts.metrics.count('sync.tenants', { source, outcome });
  parts.metrics.gauge('sync.quota_used', toShare(calls, parts.now()), { api: source });
}

/** Said when there are more than before: an incident is missing until it can be read. */
function warnOfSkipped(
  { log }: SyncTenantParts,
  { state, walk }: Walked,
  skipped: readonly SkippedIncident[],
): void {
  const { count, newest } = summarizeSkipped(skipped);
  if (count <= summarizeSkipped(state.skipped).count) return;
  const { tenantId: tenant } = state;
  log.warn('sync.rows_skipped', { tenant, source: walk.source, count, reason: newest?.reason });
}
