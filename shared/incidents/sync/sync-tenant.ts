import type { EpochWatch } from '../../epoch.ts';
import type { Log } from '../../log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { isServed } from '../../tenants/tenant.ts';
import type { TenantDirectory } from '../../tenants/tenant-directory.ts';
import type { IncidentSourceName } from '../incident.ts';
import type { IncidentSource } from '../incident-source.ts';
import type { IncidentStore } from '../incident-store.ts';
import type { WriteIncidents } from '../incident-writer.ts';
import { type PageOutcome, syncPage } from '../walk/page.ts';
import { type Scan, toBeginning } from '../walk/scan.ts';
import type { Trouble } from '../walk/trouble.ts';
import { spend, toShare, toWait } from './budget.ts';
import { complete, noteFailed, noteSetAside } from './coverage.ts';
import { planScan } from './plan-scan.ts';
import { toNewTries, toRetry } from './retry.ts';
import { acquireLease, type SyncLease } from './sync-lease.ts';
import { isDue, toFailure, toNextDue } from './sync-schedule.ts';
import type { SyncState, SyncStateStore } from './sync-state.ts';

/** Puts a tenant's message into the queue, to be delivered after a delay in milliseconds. */
export type EnqueueSync = (tenantId: string, delayMs: number) => Promise<void>;

/** One message: reads what is new at one tenant, if it is due. Rejects only when storage does not answer. */
export type SyncTenant = (tenantId: string) => Promise<void>;

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
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
}

/** Well below the function's time limit of ten minutes: what is left goes on in another message. */
const LONGEST_RUN = 4 * 60_000;

/** A list that moves under us so often is read another time. */
const MOST_RESTARTS = 3;

/** Queues count whole seconds: a message may come a little early. */
const EARLY = 1500;

/** A run that met an unexpected error lets others try soon. */
const AFTER_ERROR = 30_000;

/** Creates the sync of one tenant. */
export function createSyncTenant(parts: SyncTenantParts): SyncTenant {
  const { directory, watch, states, now } = parts;
  return async (tenantId) => {
    await watch.ensureCurrent();
    const tenant = await directory.get(tenantId);
    if (!tenant || !isServed(tenant)) return;
    const stored = await states.find(tenantId);
    const turn = { intervalMs: parts.intervalMs, now: now() + EARLY };
    if (stored && !isDue(stored.value.dueAt, turn)) return;
    const lease = await acquireLease(parts, tenantId, stored);
    if (lease) await run(parts, lease);
  };
}

/** A run under the lease: what it holds changes with each page. */
interface Run {
  readonly parts: SyncTenantParts;
  readonly startedAt: number;
  lease: SyncLease;
  restarts: number;
  changed: number;
  calls: number;
}

async function run(parts: SyncTenantParts, lease: SyncLease): Promise<void> {
  const current: Run = { parts, lease, startedAt: parts.now(), restarts: 0, changed: 0, calls: 0 };
  try {
    await walk(current);
  } catch (error) {
    const { state } = current.lease;
    await current.lease.release({ ...state, dueAt: parts.now() + AFTER_ERROR }).catch(() => false);
    throw error;
  }
}

async function walk(current: Run): Promise<void> {
  const { parts, startedAt } = current;
  const { now } = parts;
  let state = current.lease.state;
  let scan = continueOrPlan(parts, state);
  for (;;) {
    const wait = toWait(state.calls, now());
    if (wait > 0 || now() - startedAt >= LONGEST_RUN)
      return await pause(current, { ...state, scan }, wait);
    const source = parts.sources[scan.source];
    const outcome = await syncPage({ ...parts, source }, state.tenantId, scan);
    state = note(current, state, outcome);
    const { step } = outcome;
    if ('problem' in step) return await fail(current, { state, scan }, step);
    if ('done' in step) return await finish(current, state, scan);
    if ('moved' in step && ++current.restarts > MOST_RESTARTS) {
      return await fail(current, { state, scan }, { problem: 'unstable_list' });
    }
    scan = 'next' in step ? step.next : toBeginning(scan);
    const kept = await current.lease.keep({ ...state, scan });
    if (!kept) return;
    current.lease = kept;
  }
}

/** A walk that was paused goes on, unless the tenant has another source by now. */
function continueOrPlan(parts: SyncTenantParts, state: SyncState): Scan {
  const name = state.source ?? parts.defaultSource;
  if (state.scan?.source === name) return state.scan;
  const { pageSize } = parts.sources[name];
  const { backfillMs, now } = parts;
  return planScan({ coverage: state.coverage, source: name, pageSize, backfillMs, now: now() });
}

function note(
  current: Run,
  state: SyncState,
  { calls, changed, setAside, isRead }: PageOutcome,
): SyncState {
  const { now } = current.parts;
  current.changed += changed;
  current.calls += calls;
  let spent = state.calls;
  for (let call = 0; call < calls; call++) spent = spend(spent, now());
  const noted = noteSetAside(state.setAside, setAside, now());
  const failure = isRead ? toNewTries(state.failure) : state.failure;
  return { ...state, calls: spent, setAside: noted, failure };
}

/** The quota is used up, or the time: the walk goes on in another message. */
async function pause(current: Run, state: SyncState, wait: number): Promise<void> {
  const { parts, lease } = current;
  count(current, state, 'paused');
  const isReleased = await lease.release({ ...state, dueAt: parts.now() + wait });
  if (isReleased) await parts.enqueue(state.tenantId, wait);
}

/** Only this tenant waits. */
async function fail(
  current: Run,
  { state, scan }: { state: SyncState; scan: Scan },
  trouble: Trouble,
): Promise<void> {
  const { parts, lease, calls } = current;
  count(current, { ...state, scan }, trouble.problem);
  const failure = toFailure(state.failure, trouble, parts.now());
  const failed = noteFailed(state.failed, scan, failure);
  await lease.release({ ...state, ...toRetry(scan, failure), failed, dueAt: failure.retryAt });
  parts.log.warn('sync.failed', {
    tenant: state.tenantId,
    source: scan.source,
    problem: failure.problem,
    count: failure.count,
    retry_in_seconds: Math.round((failure.retryAt - parts.now()) / 1000),
    calls,
  });
}

async function finish(current: Run, state: SyncState, scan: Scan): Promise<void> {
  const { parts, lease, changed, calls, startedAt } = current;
  count(current, { ...state, scan }, 'complete');
  const { tenantId } = state;
  const now = parts.now();
  await lease.release({
    ...state,
    scan: undefined,
    failure: undefined,
    failed: [],
    coverage: complete(state.coverage, scan),
    dueAt: toNextDue(tenantId, parts.intervalMs, now),
  });
  if (changed === 0 && !state.failure) return;
  const { source, kind } = scan;
  const duration_ms = now - startedAt;
  parts.log.info('sync.tenant', { tenant: tenantId, source, kind, changed, calls, duration_ms });
}

function count({ parts }: Run, { scan, calls }: SyncState, outcome: string): void {
  const source = scan?.source ?? parts.defaultSource;
  parts.metrics.count('sync.tenants', { source, outcome });
  parts.metrics.gauge('sync.quota_used', toShare(calls, parts.now()), { api: source });
}
