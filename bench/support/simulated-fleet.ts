import { readHostJson } from '../../local/host/host-json.ts';
import { createSimulatedClock } from '../../test/support/simulated-clock.ts';

/** What is simulated, in milliseconds. */
export interface FleetTimes {
  readonly storageMs: number;
  readonly callMs: number;
  /** How long the call of a failing tenant takes until it fails. */
  readonly failsAfterMs: number;
}

/** What a run took, in seconds: until every healthy tenant was done, and until everything was. */
interface FleetRun {
  readonly healthy: number;
  readonly all: number;
}

/** A run with nothing wrong, the one in which a third begins to fail, and the one after. */
export interface FleetRuns {
  readonly calm: FleetRun;
  readonly begins: FleetRun;
  readonly known: FleetRun;
}

/** A fleet on a simulated clock, a third of whose tenants can be made to fail slowly. */
export interface SimulatedFleet {
  readonly clock: ReturnType<typeof createSimulatedClock>;
  /** The call of a tenant: it takes its time; `false`: it fails. */
  readonly call: (tenantId: string, signal: AbortSignal | undefined) => Promise<boolean>;
  /** Notes that a tenant is done. */
  readonly noteDone: (tenantId: string) => void;
}

/**
 * Runs a fleet three times. `run` begins a run and answers its messages, which as many workers take
 * as one host takes messages at once.
 */
export async function simulateFleet<T>(
  tenantIds: readonly string[],
  { callMs, failsAfterMs }: FleetTimes,
  createRun: (fleet: SimulatedFleet) => {
    readonly begin: () => Promise<T[]>;
    readonly take: (message: T) => Promise<void>;
  },
): Promise<FleetRuns> {
  const clock = createSimulatedClock(Date.UTC(2026, 10, 21, 9));
  const failing = new Set<string>();
  const done = new Map<string, number>();
  const run = createRun({
    clock,
    async call(tenantId, signal) {
      const isFailing = failing.has(tenantId);
      const stopped = new Promise((resolve) => signal?.addEventListener('abort', resolve));
      await Promise.race([clock.sleep(isFailing ? failsAfterMs : callMs), stopped]);
      return !isFailing;
    },
    noteDone: (tenantId) => done.set(tenantId, clock.now()),
  });
  const workers = await readWorkers();

  const measure = async (): Promise<FleetRun> => {
    done.clear();
    const startedAt = clock.now();
    const ended = { isOver: false };
    const all = takeAll(await run.begin(), workers, run.take).finally(() => {
      ended.isOver = true;
    });
    await clock.run(() => ended.isOver);
    await all;
    const healthy = tenantIds.filter((id) => !failing.has(id)).map((id) => done.get(id));
    const toSeconds = (time: number) => (time - startedAt) / 1000;
    const last = Math.max(...healthy.map((time) => time ?? Number.NaN));
    return { healthy: toSeconds(last), all: toSeconds(clock.now()) };
  };

  await measure();
  const calm = await measure();
  for (const [index, id] of tenantIds.entries()) if (index % 3 === 0) failing.add(id);
  return { calm, begins: await measure(), known: await measure() };
}

async function takeAll<T>(
  messages: readonly T[],
  workers: number,
  take: (message: T) => Promise<void>,
): Promise<void> {
  const queue = messages.values();
  const work = async () => {
    for (const message of queue) await take(message);
  };
  await Promise.all(Array.from({ length: workers }, work));
}

async function readWorkers(): Promise<number> {
  const { queues } = await readHostJson('.');
  return queues.batchSize + queues.newBatchThreshold;
}
