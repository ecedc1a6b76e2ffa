import { SLOT_SIZES } from '../../functions/compose/slot-sizes.ts';
import { createDefenderXdrSource } from '../../shared/defender/defender-xdr.ts';
import { createIncidentWriter } from '../../shared/incidents/incident-writer.ts';
import { createRunSync } from '../../shared/incidents/sync/sync-run.ts';
import { createSyncTenant } from '../../shared/incidents/sync/sync-tenant.ts';
import { createSlotControl, type SlotControl } from '../../shared/slots/slots.ts';
import { createMeter } from '../../shared/telemetry/meter.ts';
import {
  createMemoryFeed,
  createMemoryIncidents,
  createMemoryStates,
} from '../../test/shared/incidents/memory.ts';
import { SILENT } from './broker.ts';
import { createActiveTenant, createMemoryTenantStore } from './memory-store.ts';
import {
  type FleetRuns,
  type FleetTimes,
  type SimulatedFleet,
  simulateFleet,
} from './simulated-fleet.ts';
import { toSlow } from './slow-port.ts';

const INTERVAL_MS = 5 * 60_000;

/** The broker's own sync on memory with a simulated clock; every tenant is due in each run. */
export async function simulateSync(
  tenantIds: readonly string[],
  times: FleetTimes,
): Promise<FleetRuns> {
  return await simulateFleet(tenantIds, times, (fleet) => wire(fleet, tenantIds, times));
}

function wire(fleet: SimulatedFleet, tenantIds: readonly string[], { storageMs }: FleetTimes) {
  const { clock, noteDone } = fleet;
  let offset = 0;
  const now = () => clock.now() + offset;
  const slow = <T extends object>(port: T): T => toSlow(port, () => clock.sleep(storageMs));
  const control = createSlotControl(clock);
  const memory = createMemoryStates();
  const states = { ...slow(memory), summaries: memory.summaries };
  const incidents = slow(createMemoryIncidents().store);
  const source = createSource(fleet, control.withSlots);
  const queue: string[] = [];
  const enqueue = (tenantId: string) => Promise.resolve(void queue.push(tenantId));
  const common = { enqueue, intervalMs: INTERVAL_MS, metrics: createMeter(), log: SILENT, now };
  const run = createRunSync({ ...common, states, tenants: createMemoryTenantStore(tenantIds) });
  const sync = createSyncTenant({
    ...{ ...common, states, incidents },
    directory: { get: createActiveTenant, forget: () => undefined },
    watch: { ensureCurrent: () => undefined },
    sources: { 'defender-xdr': source, graph: source },
    write: createIncidentWriter({ incidents, changeFeed: createMemoryFeed().feed, now }),
    defaultSource: 'defender-xdr',
    backfillMs: INTERVAL_MS,
    findProxiedCalls: () => Promise.resolve(undefined),
  });
  const slots = control.createSlots(SLOT_SIZES.sync);
  return {
    begin: async () => {
      offset += 2 * INTERVAL_MS;
      await run();
      return queue.splice(0);
    },
    take: (tenantId: string) =>
      slots.run(
        async () => {
          await sync(tenantId);
          noteDone(tenantId);
        },
        () => enqueue(tenantId),
      ),
  };
}

/** The API of every tenant; the token of one is its id. */
function createSource({ call }: SimulatedFleet, withSlots: SlotControl['withSlots']) {
  return createDefenderXdrSource({
    apiUrl: 'http://127.0.0.1',
    getToken: (tenantId) => Promise.resolve(tenantId),
    fetch: withSlots(async (_, init) => {
      const tenantId = new Headers(init?.headers).get('authorization')?.slice(7) ?? '';
      const isWell = await call(tenantId, init?.signal ?? undefined);
      return isWell ? Response.json({ value: [] }) : new Response(null, { status: 503 });
    }),
  });
}
