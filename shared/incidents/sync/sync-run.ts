import { settleAll } from '../../concurrency.ts';
import type { Log } from '../../log.ts';
import { readAllTenants } from '../../tenants/all-tenants.ts';
import { isServed, type Tenant, type TenantStore } from '../../tenants/tenant.ts';
import { toTime } from '../instant.ts';
import { LAG } from './coverage.ts';
import { isTurn } from './sync-schedule.ts';
import type { SyncStateStore, SyncSummary } from './sync-state.ts';
import type { EnqueueSync } from './tenant-run.ts';

/** One timer run: puts a message into the queue for every tenant that is due. */
export type RunSync = () => Promise<void>;

/** Intervals that data may be old: one to wait, one for a lost message, one to spare. */
const PROMISED_INTERVALS = 3;

/** How old the data of tenants that can be read is at most, in milliseconds. */
export function toLateAfter(intervalMs: number): number {
  return PROMISED_INTERVALS * intervalMs + LAG;
}

/** Messages on their way to the queue at once. */
const CONCURRENCY = 32;

/**
 * Creates the timer's run. What is due is derived from the rows, so a run that was killed is made
 * up for by the next.
 */
export function createRunSync(parts: {
  tenants: TenantStore;
  states: SyncStateStore;
  enqueue: EnqueueSync;
  intervalMs: number;
  log: Log;
  now: () => number;
}): RunSync {
  const { tenants, states, enqueue, intervalMs, log, now } = parts;
  let lastRunAt = 0;

  return async () => {
    const startedAt = now();
    const summaries = await readSummaries(states);
    const served = (await readAllTenants(tenants)).filter(isServed);
    const turn = { lastRunAt, intervalMs, now: startedAt };
    // A tenant without a state is due since it became one of those that are served.
    const due = served.filter(({ tenantId, updatedAt }) =>
      isTurn(summaries.get(tenantId) ?? { dueAt: updatedAt, leaseUntil: undefined }, turn),
    );
    const sent = await settleAll(due, CONCURRENCY, ({ tenantId }) => enqueue(tenantId, 0));
    const failed = sent.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    lastRunAt = startedAt;
    log.info('sync.run', {
      tenants: served.length,
      due: due.length,
      duration_ms: now() - startedAt,
    });
    log.info('sync.age', toAge(served, summaries, { intervalMs, now: startedAt }));
  };
}

/** How old the data is: what the alert looks at. A tenant counts from its consent on. */
function toAge(
  served: readonly Tenant[],
  summaries: ReadonlyMap<string, SyncSummary>,
  { intervalMs, now }: { intervalMs: number; now: number },
) {
  const ages = served.map(({ tenantId, consentedAt = now }) => {
    const completeUpTo = summaries.get(tenantId)?.completeUpTo;
    return now - (completeUpTo === undefined ? consentedAt : toTime(completeUpTo));
  });
  const oldest = ages.reduce((most, age) => Math.max(most, age), 0);
  return {
    tenants: served.length,
    oldest_seconds: Math.round(oldest / 1000),
    late: ages.filter((age) => age > toLateAfter(intervalMs)).length,
  };
}

async function readSummaries(states: SyncStateStore): Promise<ReadonlyMap<string, SyncSummary>> {
  const byTenant = new Map<string, SyncSummary>();
  for await (const page of states.summaries()) {
    for (const summary of page) byTenant.set(summary.tenantId, summary);
  }
  return byTenant;
}
