import { readHostJson } from '../../local/host/host-json.ts';
import { createCreateHunt } from '../../shared/hunting/admin/create-hunt.ts';
import type { RunHuntingQuery } from '../../shared/hunting/hunting-api.ts';
import type { HuntQuota } from '../../shared/hunting/quota.ts';
import { createFindTask } from '../../shared/hunting/run/find-task.ts';
import { createRunHunt } from '../../shared/hunting/run/run-hunt.ts';
import type { RunKey } from '../../shared/hunting/run/run-parts.ts';
import { createGetWindow } from '../../shared/hunting/window.ts';
import { createMeter } from '../../shared/telemetry/meter.ts';
import { createMemoryHunts, createMemoryResults } from '../../test/shared/hunting/memory.ts';
import { createMemoryStore } from '../../test/shared/incidents/memory.ts';
import { createSimulatedClock } from '../../test/support/simulated-clock.ts';
import { SILENT } from './broker.ts';
import { HUNT_ACCESS, toHuntInput } from './hunt-fixture.ts';
import { createSealedParts } from './sealed-queries.ts';
import { toSlow } from './slow-port.ts';

/** What is simulated, in milliseconds: how long a query takes, and an operation of storage. */
interface SimulationTimes {
  readonly queryMs: number;
  readonly storageMs: number;
}

/**
 * Hunts at customers by the broker's own code; storage is memory, and only a clock's time passes.
 * Answers seconds.
 */
export async function simulateHunt(
  tenantIds: readonly string[],
  { queryMs, storageMs }: SimulationTimes,
): Promise<number> {
  const clock = createSimulatedClock(Date.UTC(2026, 10, 21, 9));
  const { now, sleep } = clock;
  const slow = <T extends object>(port: T): T => toSlow(port, () => sleep(storageMs));
  const hunts = createMemoryHunts();
  const results = createMemoryResults().store;
  const sealed = createSealedParts(results);
  const queue: RunKey[] = [];
  const enqueue = (key: RunKey) => Promise.resolve(void queue.push(key));
  const runQuery: RunHuntingQuery = async (_, takeRow) => {
    await sleep(queryMs);
    await takeRow('{"Rows":1}');
    return { columns: [{ name: 'Rows', type: 'long' }] };
  };
  const common = {
    ...{ hunts: slow(hunts), results, enqueue, sleep, runQuery, now },
    quotas: slow(createMemoryStore<HuntQuota>(({ tenantId }) => tenantId)),
    ...{ access: HUNT_ACCESS, metrics: createMeter(), log: SILENT },
    getToken: (tenantId: string) => Promise.resolve({ accessToken: tenantId, roles: undefined }),
    findSyncPause: () => Promise.resolve(undefined),
    findTask: createFindTask({ hunts, ...sealed }),
    getWindow: createGetWindow({ hunts, concurrency: 20, now }),
    tenants: { list: () => Promise.resolve({ tenants: [], next: undefined }) },
    findSavedQuery: () => Promise.reject(new Error('Nothing is saved.')),
    ...sealed,
  };
  const input = { ...toHuntInput('T | count'), tenants: tenantIds };
  const { hunt } = await createCreateHunt({ ...common, hunts })(input);
  const startedAt = now();
  const runHunt = createRunHunt(common);
  let ended = 0;
  const { batchSize, newBatchThreshold } = (await readHostJson('.')).queues;
  for (let worker = 0; worker < batchSize + newBatchThreshold; worker++) void work();
  await clock.run(() => ended === tenantIds.length);
  const progress = await hunts.findProgress(hunt.id);
  if (progress?.value.verdicts.complete !== tenantIds.length) throw new Error('It is incomplete.');
  return (now() - startedAt) / 1000;

  async function work(): Promise<void> {
    while (ended < tenantIds.length) {
      const key = queue.shift();
      if (key) await runHunt(key);
      else await sleep(POLL_MS);
      if (key) ended++;
    }
  }
}

/** How often a host with nothing to do looks into a queue that it has just emptied. */
const POLL_MS = 100;
