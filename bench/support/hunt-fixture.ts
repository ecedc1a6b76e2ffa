import { setTimeout as sleep } from 'node:timers/promises';
import { createBlobContainer } from '../../shared/azure/blobs/blob-container.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { createHuntTable } from '../../shared/azure/hunting/hunt-table.ts';
import { createQuotaTable } from '../../shared/azure/hunting/quota-table.ts';
import { createResultBlobs } from '../../shared/azure/hunting/result-blobs.ts';
import type { Caller } from '../../shared/callers/caller.ts';
import { createRunHuntingQuery } from '../../shared/defender/hunting/run-hunting-query.ts';
import { createCreateHunt, type HuntInput } from '../../shared/hunting/admin/create-hunt.ts';
import type { HuntAccess } from '../../shared/hunting/hunt-access.ts';
import type { HuntStore } from '../../shared/hunting/hunt-store.ts';
import { createReadResults } from '../../shared/hunting/results/read-results.ts';
import { HUNTING_ROLE } from '../../shared/hunting/run/find-target.ts';
import { createFindTask } from '../../shared/hunting/run/find-task.ts';
import { createRunHunt, type RunHunt } from '../../shared/hunting/run/run-hunt.ts';
import type { RunKey } from '../../shared/hunting/run/run-parts.ts';
import { createGetWindow } from '../../shared/hunting/window.ts';
import { createMeter } from '../../shared/telemetry/meter.ts';
import { SILENT } from './broker.ts';
import { createActiveTenant } from './memory-store.ts';
import { createSealedParts, refuse } from './sealed-queries.ts';
import { readQueueConcurrency } from './sync-fixture.ts';

/** What hunts of a section share: storage under names of their own. */
interface HuntRigParts {
  readonly azure: AzureClients;
  readonly suffix: string;
  readonly fetch: typeof fetch;
}

/** Who hunts. */
export const HUNTER: Caller = { id: 'bench', kind: 'application', roles: ['Hunting.Run'] };

const { now } = Date;
const POLL_MS = 50;

/** After an error, as host.json says: Azurite is late where the machine is busy. */
const VISIBILITY_MS = 30_000;

/** Everybody may hunt everywhere: grants are not what is measured. */
export const HUNT_ACCESS: HuntAccess = {
  ensureCurrent: () => undefined,
  isBlocked: () => false,
  findNamed: (_, name) => Promise.resolve(createActiveTenant(name)),
  findHuntable: (_, tenantId) => Promise.resolve(createActiveTenant(tenantId)),
  mayHunt: () => Promise.resolve(true),
};

/**
 * The broker's own hunts over Azurite; where the queue is, there is a list, which as many workers
 * empty as a host has.
 */
export function createHuntRig({ azure, suffix, fetch }: HuntRigParts) {
  const open = (name: string) => () => azure.table(`${name}${suffix}`);
  const hunts = createHuntTable(open('hunts'), SILENT);
  const results = createResultBlobs(createBlobContainer(azure.blobs, `hunts${suffix}`), refuse);
  const sealed = createSealedParts(results);
  const quotas = createQuotaTable(open('huntquota'));
  const queue: { readonly key: RunKey; readonly at: number }[] = [];
  const common = {
    ...{ hunts, results, quotas, access: HUNT_ACCESS },
    ...{ metrics: createMeter(), log: SILENT, now, sleep },
    enqueue: (key: RunKey, delayMs: number) =>
      Promise.resolve(void queue.push({ key, at: now() + delayMs })),
    getWindow: createGetWindow({ hunts, concurrency: 20, now }),
  };
  const runHunt = createRunHunt({
    ...common,
    getToken: (tenantId) => Promise.resolve({ accessToken: tenantId, roles: [HUNTING_ROLE] }),
    findSyncPause: () => Promise.resolve(undefined),
    runQuery: createRunHuntingQuery({ fetch, apiUrl: 'http://127.0.0.1', now }),
    findTask: createFindTask({ hunts, ...sealed }),
  });
  const createHunt = createCreateHunt({
    ...common,
    tenants: { list: () => Promise.resolve({ tenants: [], next: undefined }) },
    findSavedQuery: () => Promise.reject(new Error('Nothing is saved.')),
    ...sealed,
  });
  return {
    hunts,
    results,
    createHunt: async (query: string, tenants: readonly string[]) =>
      (await createHunt({ ...toHuntInput(query), tenants })).hunt,
    readResults: createReadResults({
      ...{ hunts, results, access: HUNT_ACCESS, refuse },
      cursors: {
        seal: (_, position) => Promise.resolve(JSON.stringify(position)),
        open: (_, cursor) => Promise.resolve(JSON.parse(cursor)),
      },
    }),
    work: createWork({ queue, runHunt, hunts }),
  };
}

/**
 * Works until a hunt has ended, or as many of its customers as are wanted, with as many workers as
 * a host has.
 */
function createWork({
  queue,
  runHunt,
  hunts,
}: {
  queue: { readonly key: RunKey; readonly at: number }[];
  runHunt: RunHunt;
  hunts: Pick<HuntStore, 'findProgress'>;
}) {
  return async (huntId: string, ended = Number.POSITIVE_INFINITY): Promise<void> => {
    let isDone = false;
    const redeliver = (message: { readonly key: RunKey }) =>
      queue.push({ ...message, at: now() + VISIBILITY_MS });
    const work = async () => {
      while (!isDone) {
        const index = queue.findIndex(({ at }) => at <= now());
        const message = index === -1 ? undefined : queue.splice(index, 1)[0];
        if (message) await runHunt(message.key).catch(() => redeliver(message));
        else await sleep(POLL_MS);
      }
    };
    const workers = Array.from({ length: await readQueueConcurrency() }, work);
    while (!isDone) {
      await sleep(POLL_MS);
      // As with a message: Azurite is asked again.
      const found = await hunts.findProgress(huntId).catch(() => 'late' as const);
      if (found === 'late') continue;
      isDone = !found || found.value.ended >= Math.min(ended, found.value.total);
    }
    await Promise.all(workers);
  };
}

/** A hunt as a caller asks for it. */
export function toHuntInput(text: string): HuntInput {
  return {
    caller: HUNTER,
    query: { text, types: {}, values: {} },
    tenants: undefined,
    tag: undefined,
    timespan: undefined,
    maxRows: undefined,
    maxTotalRows: undefined,
    name: undefined,
    record: () => Promise.resolve(),
  };
}
