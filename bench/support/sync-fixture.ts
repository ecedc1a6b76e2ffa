import { join } from 'node:path';
import { SLOT_SIZES } from '../../functions/compose/slot-sizes.ts';
import { readHostJson } from '../../local/host/host-json.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { settleAll } from '../../shared/concurrency.ts';
import { createIncidentWriter } from '../../shared/incidents/incident-writer.ts';
import { toTime } from '../../shared/incidents/instant.ts';
import { createRunSync } from '../../shared/incidents/sync/sync-run.ts';
import { createSyncState } from '../../shared/incidents/sync/sync-state.ts';
import { createSyncTenant } from '../../shared/incidents/sync/sync-tenant.ts';
import type { IncidentSourceName } from '../../shared/resources/incident-sources.ts';
import { createSlotControl } from '../../shared/slots/slots.ts';
import { createMeter } from '../../shared/telemetry/meter.ts';
import { SILENT } from './broker.ts';
import { type createApis, createIncidentStorage } from './incident-environment.ts';
import { createActiveTenant, createMemoryTenantStore } from './memory-store.ts';

const DAY = 24 * 60 * 60_000;

/** How long a tenant waits for its turn, in milliseconds. */
export const INTERVAL = 5 * 60_000;

/** What a fixture is made of; the clock is moved by whoever measures. */
interface RigParts {
  readonly azure: AzureClients;
  readonly apis: ReturnType<typeof createApis>;
  readonly clock: { now: number };
  readonly tenantIds: readonly string[];
  /** Tables and a container of their own, unless they are given. */
  readonly storage?: ReturnType<typeof createIncidentStorage>;
}

/** The broker's own run and message over tables of their own; what it sends is in the list. */
function wire({ azure, apis, clock, tenantIds, storage = createIncidentStorage(azure) }: RigParts) {
  const { incidents, changeFeed, states } = storage;
  const now = () => clock.now;
  const queue: { tenantId: string; at: number }[] = [];
  const known = new Map(tenantIds.map((id) => [id, createActiveTenant(id)]));
  const common = {
    states,
    enqueue: (tenantId: string, delayMs: number) =>
      Promise.resolve(void queue.push({ tenantId, at: clock.now + delayMs })),
    intervalMs: INTERVAL,
    metrics: createMeter(),
    log: SILENT,
    now,
  };
  const run = createRunSync({ ...common, tenants: createMemoryTenantStore(tenantIds) });
  const sync = createSyncTenant({
    ...common,
    directory: { get: (id) => known.get(id), forget: () => undefined },
    watch: { ensureCurrent: () => undefined },
    sources: apis.sources,
    incidents,
    write: createIncidentWriter({ incidents, changeFeed, now }),
    defaultSource: 'defender-xdr',
    backfillMs: 30 * DAY,
    findProxiedCalls: () => Promise.resolve(undefined),
  });
  return { ...common, storage, queue, run, sync };
}

/** Creates the sync of some tenants: where the queue is, there is a list. */
export async function createSyncFixture(parts: RigParts) {
  const { clock } = parts;
  const { storage, queue, run, sync, enqueue } = wire(parts);
  const slots = createSlotControl().createSlots(SLOT_SIZES.sync);
  const concurrency = await readQueueConcurrency();

  /** Processes messages that are visible now, as many at once as the host takes. */
  const drain = async (most = Number.POSITIVE_INFINITY) => {
    const visible = queue.filter(({ at }) => at <= clock.now).slice(0, most);
    const taken = new Set(visible);
    queue.splice(0, queue.length, ...queue.filter((message) => !taken.has(message)));
    const outcomes = await settleAll(visible, concurrency, ({ tenantId }) =>
      slots.run(
        () => sync(tenantId),
        () => enqueue(tenantId, 0),
      ),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  };

  return {
    storage,
    concurrency,
    /** One timer run with its messages. */
    tick: async () => {
      await run();
      await drain();
    },
    /** One timer run; its messages wait. */
    run,
    drain,
    /** Moves the clock to each message that is left, until there is none. */
    settle: async () => {
      for (let next = queue[0]; next; next = queue[0]) {
        clock.now = Math.max(clock.now, ...queue.map(({ at }) => at));
        await drain();
      }
    },
    choose: async (tenantId: string, source: IncidentSourceName) => {
      await storage.states.insert({ ...createSyncState(tenantId), source });
    },
    readAge: async (tenantId: string): Promise<number> => {
      const upTo = (await storage.states.find(tenantId))?.value.coverage?.completeUpTo;
      return upTo === undefined ? Number.POSITIVE_INFINITY : clock.now - toTime(upTo);
    },
  };
}

/** Messages that one host processes at once, by host.json. */
export async function readQueueConcurrency(): Promise<number> {
  const { queues } = await readHostJson(join(import.meta.dirname, '../..'));
  return queues.batchSize + queues.newBatchThreshold;
}
