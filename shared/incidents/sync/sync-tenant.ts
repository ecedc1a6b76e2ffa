import { createFencedLeases } from '../../lease/fenced-lease.ts';
import { toDelayMs } from '../../retry/delay.ts';
import { isServed } from '../../tenants/tenant.ts';
import { MINUTE, QUEUE_ROUNDING_MS } from '../../time.ts';
import { syncPage } from '../walk/page.ts';
import type { Walk } from '../walk/walk.ts';
import { restart } from '../walk/windows.ts';
import { mergeCalls, toWait } from './budget.ts';
import { isPlausible } from './coverage.ts';
import { planWalk } from './plan-walk.ts';
import { isSyncDue } from './sync-schedule.ts';
import { createSyncState, type SyncState } from './sync-state.ts';
import {
  fail,
  finish,
  keepLease,
  notePage,
  pause,
  type Run,
  releaseLease,
  type SyncTenantParts,
} from './tenant-run.ts';

/**
 * One message: reads what is new at one tenant, if it is due. Rejects only when storage does not
 * answer.
 */
export type SyncTenant = (tenantId: string) => Promise<void>;

/** Well below the function's time limit of ten minutes: what is left goes on in another message. */
const MAX_RUN_MS = 4 * MINUTE;

/** A list that moves under us so often is read another time. */
const MAX_RESTARTS = 3;

/** Creates the sync of one tenant. */
export function createSyncTenant(parts: SyncTenantParts): SyncTenant {
  const { directory, watch, states, now } = parts;
  const toKey = ({ tenantId }: SyncState) => tenantId;
  const leases = createFencedLeases({ name: 'sync', store: states, toKey, now });
  return async (tenantId) => {
    await watch.ensureCurrent();
    const tenant = await directory.get(tenantId);
    if (!tenant || !isServed(tenant)) return;
    const stored = await states.find(tenantId);
    const turn = { intervalMs: parts.intervalMs, now: now() + QUEUE_ROUNDING_MS };
    if (stored && !isSyncDue(stored.value.dueAt, turn)) return;
    const held = await leases.acquire(stored, () => createSyncState(tenantId));
    if (!held) return;
    await run({ parts, leases, held, startedAt: now(), restarts: 0, changed: 0, calls: 0 });
  };
}

async function run(current: Run): Promise<void> {
  try {
    await readPages(current);
  } catch (error) {
    const dueAt = current.parts.now() + toDelayMs('sync.crashed');
    await releaseLease(current, { ...current.held.value, dueAt }).catch(() => false);
    throw error;
  }
}

async function readPages(current: Run): Promise<void> {
  const { parts, startedAt } = current;
  const { now } = parts;
  let state = current.held.value;
  let walk = continueOrPlan(parts, state);
  for (;;) {
    const wait = await getWait(parts, state, walk);
    if (wait > 0 || now() - startedAt >= MAX_RUN_MS)
      return await pause(current, { ...state, walk }, wait);
    const source = parts.sources[walk.source];
    const outcome = await syncPage({ ...parts, source }, state.tenantId, walk);
    state = notePage(current, { state, walk }, outcome);
    const { step } = outcome;
    if ('problem' in step) return await fail(current, { state, walk }, step);
    if ('done' in step) return await finish(current, { state, walk });
    if ('moved' in step && ++current.restarts > MAX_RESTARTS) {
      return await fail(current, { state, walk }, { problem: 'unstable_list' });
    }
    walk = 'next' in step ? step.next : restart(walk);
    if (!(await keepLease(current, { ...state, walk }))) return;
  }
}

/**
 * The proxy's callers use the same quota; whoever of both is told to wait lets the other wait, too.
 */
async function getWait(
  { findProxiedCalls, now }: SyncTenantParts,
  { tenantId, calls }: SyncState,
  { source }: Walk,
): Promise<number> {
  const proxied = await findProxiedCalls(tenantId, source);
  if (!proxied) return toWait(calls, now());
  return Math.max(toWait(mergeCalls(calls, proxied.calls), now()), proxied.blockedUntil - now());
}

/** A walk that was paused goes on, unless the tenant has another source by now. */
function continueOrPlan(parts: SyncTenantParts, state: SyncState): Walk {
  const name = state.source ?? parts.defaultSource;
  const { backfillMs, now } = parts;
  const { walk } = state;
  if (walk?.source === name && isPlausible(walk.startedAt, now())) return walk;
  const { pageSize } = parts.sources[name];
  const { coverage, skipped } = state;
  return planWalk({ coverage, skipped, source: name, pageSize, backfillMs, now: now() });
}
