import { randomBytes } from 'node:crypto';
import { SLOT_SIZES } from '../../functions/compose/slot-sizes.ts';
import { createEpochTable } from '../../shared/azure/records/epoch-table.ts';
import { createTenantTable } from '../../shared/azure/records/tenant-table.ts';
import { createTokenTable } from '../../shared/azure/records/token-table.ts';
import { settleAll } from '../../shared/concurrency.ts';
import { createRequestToken } from '../../shared/entra/token-endpoint.ts';
import { createEpochWatch, type EpochStore } from '../../shared/epoch.ts';
import { createRefresher, type Refresher } from '../../shared/refresh/refresh.ts';
import { createSlotControl } from '../../shared/slots/slots.ts';
import { createMeter } from '../../shared/telemetry/meter.ts';
import type { TenantStore } from '../../shared/tenants/tenant.ts';
import { createTenantDirectory } from '../../shared/tenants/tenant-directory.ts';
import { createOutcomeReporter } from '../../shared/tenants/tenant-outcome.ts';
import type { TokenKey, TokenStore } from '../../shared/tokens/token-record.ts';
import { seedTenants } from '../environment/seed.ts';
import { openTable, setClock, type TestEnvironment } from '../environment/start-environment.ts';
import { RESOURCES } from './access-token.ts';
import { createBenchBroker, REQUIRED_ROLES, SILENT } from './broker.ts';
import { toCounted } from './counted-port.ts';
import { createFixedCredential } from './credential.ts';
import { readQueueConcurrency } from './sync-fixture.ts';

/** One run of the timer with all its messages. */
export interface Sweep {
  readonly seconds: number;
  readonly keys: number;
  /** Operations of tables; of a listing, each page. */
  readonly operations: number;
  /** When each key's refresh was done, in seconds since the beginning, by tenant. */
  readonly doneAt: ReadonlyMap<string, number>;
}

/** The real refresher over tables of its own, with a clock that can be moved on. */
interface RefreshFixture {
  readonly sweep: () => Promise<Sweep>;
  /** Seconds that the same reads and writes of the tables take with nothing between them. */
  readonly touchTables: () => Promise<number>;
  /** Moves the clock on, Entra's too, so that what was refreshed is due again. */
  readonly pass: (milliseconds: number) => Promise<void>;
}

/** Creates a fixture whose tables hold the tenants and no token yet. */
export async function createRefreshFixture(
  environment: TestEnvironment,
  tenantIds: readonly string[],
): Promise<RefreshFixture> {
  const suffix = randomBytes(4).toString('hex');
  const open = (name: string) => openTable(environment, `${name}${suffix}`);
  const openTenants = open('tenants');
  await seedTenants(openTenants, tenantIds);
  let offset = 0;
  const now = () => Date.now() + offset;
  const queue: (readonly TokenKey[])[] = [];
  const done = new Map<string, number>();
  const tables = {
    tenants: createTenantTable(openTenants, SILENT),
    tokens: createTokenTable(open('tokens'), SILENT),
    epoch: createEpochTable(open('epoch')),
  };
  const counter = { operations: 0 };
  const count = () => void counter.operations++;
  const refresher = wire({
    environment,
    tables: {
      tenants: toCounted(tables.tenants, count),
      tokens: toCounted(tables.tokens, count),
      epoch: toCounted(tables.epoch, count),
    },
    now,
    enqueue: (keys) => Promise.resolve(void queue.push(keys)),
    onDone: ({ tenantId }) => done.set(tenantId, performance.now()),
  });
  const concurrency = await readQueueConcurrency();
  return {
    sweep: () => sweep({ refresher, queue, done, counter, concurrency }),
    touchTables: () => touchTables(tables, tenantIds, SLOT_SIZES.refresh.slots),
    pass: async (milliseconds) => {
      offset += milliseconds;
      await setClock(environment, offset);
    },
  };
}

interface Tables {
  readonly tenants: TenantStore;
  readonly tokens: TokenStore;
  readonly epoch: EpochStore;
}

interface Wiring {
  readonly environment: TestEnvironment;
  readonly tables: Tables;
  readonly now: () => number;
  readonly enqueue: (keys: readonly TokenKey[]) => Promise<void>;
  readonly onDone: (key: TokenKey) => void;
}

function wire({ environment, tables, now, enqueue, onDone }: Wiring): Refresher {
  const { tenants, tokens, epoch } = tables;
  const slotControl = createSlotControl();
  const directory = createTenantDirectory({ tenants, now });
  const watch = createEpochWatch({ epoch, forget: directory.forget, now });
  const required = new Set(REQUIRED_ROLES.keys());
  const reporting = { tenants, directory, advanceEpoch: watch.advance, required };
  const broker = createBenchBroker({
    tokens,
    requestToken: createEntraRequest(environment, slotControl.withSlots(fetch)),
    clientId: environment.clientId,
    report: createOutcomeReporter({ ...reporting, log: SILENT, now }),
    now,
  });
  const refresh: typeof broker.refresh = async (key) => {
    const obtained = await broker.refresh(key);
    if (!obtained.token.degraded) onDone(key);
    return obtained;
  };
  return createRefresher({
    tenants,
    directory,
    tokens,
    broker: { ...broker, refresh },
    watch,
    syncResource: 'defender-xdr',
    enqueue,
    enqueueVerification: () => Promise.resolve(),
    resealRows: () => Promise.resolve(),
    slots: slotControl.createSlots(SLOT_SIZES.refresh),
    metrics: createMeter(),
    log: SILENT,
    now,
  });
}

/** The real request to the stand-in, without a Key Vault. */
function createEntraRequest(
  { url, clientId, clientSecret }: TestEnvironment,
  fetch: typeof globalThis.fetch,
) {
  return createRequestToken({
    fetch,
    authority: url,
    clientId,
    resources: RESOURCES,
    credential: createFixedCredential(clientSecret),
  });
}

/** One timer run, then its messages, as many at once as the host takes. */
async function sweep({
  refresher,
  queue,
  done,
  counter,
  concurrency,
}: {
  refresher: Refresher;
  queue: (readonly TokenKey[])[];
  done: Map<string, number>;
  counter: { operations: number };
  concurrency: number;
}): Promise<Sweep> {
  done.clear();
  const before = counter.operations;
  const startedAt = performance.now();
  await refresher.run();
  const batches = queue.splice(0);
  const outcomes = await settleAll(batches, concurrency, (keys) => refresher.refreshBatch(keys));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  const toSeconds = (time: number) => (time - startedAt) / 1000;
  return {
    seconds: toSeconds(performance.now()),
    keys: batches.flat().length,
    operations: counter.operations - before,
    doneAt: new Map([...done].map(([tenantId, time]) => [tenantId, toSeconds(time)])),
  };
}

/** What a refresh of a key reads and writes: its tenant, its row, the lease and the outcome. */
async function touchTables(
  { tenants, tokens }: Tables,
  tenantIds: readonly string[],
  concurrency: number,
): Promise<number> {
  const startedAt = performance.now();
  await settleAll(tenantIds, concurrency, async (tenantId) => {
    await tenants.find(tenantId);
    const stored = await tokens.find({ tenantId, resource: 'defender-xdr' });
    const leased = stored && (await tokens.replace(stored, stored.value));
    if (leased) await tokens.replace(leased, leased.value);
  });
  return (performance.now() - startedAt) / 1000;
}
