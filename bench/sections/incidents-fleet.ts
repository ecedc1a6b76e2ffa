import { setTimeout as sleep } from 'node:timers/promises';
import { generateIncident } from '../../local/defender/generate-incidents.ts';
import { createIncidentStore } from '../../local/defender/incident-store.ts';
import type { AzureClients } from '../../shared/azure/clients.ts';
import { settleAll } from '../../shared/concurrency.ts';
import { createIncidentWriter } from '../../shared/incidents/incident-writer.ts';
import { toInstant } from '../../shared/incidents/instant.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { createApis, createIncidentStorage, toTenantId } from '../support/incident-world.ts';
import { withStorage } from '../support/storage.ts';
import { createSyncRig, INTERVAL } from '../support/sync-rig.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 21, 9);
const INCIDENTS = 20;
const LINEAR = { of: 'ratio', is: 'at most', limit: 1.2 } as const;

/** What a sweep of all tenants took. */
interface Sweep {
  readonly seconds: number;
  readonly calls: number;
}

/** One size: the first sync, one in which nothing is new, and the same writes with nothing around them. */
interface Measured {
  readonly tenants: number;
  readonly first: Sweep;
  readonly idle: Sweep;
  readonly floor: number;
  /** MB over the idle process, after the first sync. */
  readonly heap: number;
}

/** Incidents that are made up anew whenever they are asked for, so that only the broker's memory counts. */
function createForgetfulUpstream(now: () => number) {
  return {
    ...createIncidentStore({ now }),
    listIncidents: (tenantId: string) =>
      Array.from({ length: INCIDENTS }, (_, index) =>
        generateIncident({ tenantId, incidentId: 1001 + index, at: START - index * MINUTE }),
      ),
  };
}

async function measureSize(azure: AzureClients, tenants: number): Promise<Measured> {
  const clock = { now: START };
  const apis = createApis(
    createForgetfulUpstream(() => clock.now),
    () => clock.now,
  );
  const tenantIds = Array.from({ length: tenants }, (_, index) => toTenantId(index));
  const rig = await createSyncRig({ azure, apis, clock, tenantIds });
  const before = await weigh();
  const sweep = async (): Promise<Sweep> => {
    const calls = apis.countCalls();
    const startedAt = performance.now();
    await rig.tick();
    const seconds = (performance.now() - startedAt) / 1000;
    return { seconds, calls: apis.countCalls() - calls };
  };
  const first = await sweep();
  const heap = (await weigh()) - before;
  const { last } = await rig.storage.changeFeed.bounds();
  if (last !== tenants * INCIDENTS) throw new Error(`${last} incidents are in the feed.`);
  clock.now += 2 * INTERVAL;
  const idle = await sweep();
  const floor = await writeBare(azure, { tenantIds, apis, concurrency: rig.concurrency });
  return { tenants, first, idle, floor, heap };
}

/** The same incidents and changes written to other tables, without the sync. */
async function writeBare(
  azure: AzureClients,
  {
    tenantIds,
    apis,
    concurrency,
  }: {
    tenantIds: readonly string[];
    apis: ReturnType<typeof createApis>;
    concurrency: number;
  },
): Promise<number> {
  const { incidents, changeFeed } = createIncidentStorage(azure);
  const write = createIncidentWriter({ incidents, changeFeed, now: () => START });
  const source = apis.sources['defender-xdr'];
  const startedAt = performance.now();
  const outcomes = await settleAll(tenantIds, concurrency, async (tenantId) => {
    const page = await source.list(tenantId, { from: toInstant(0), top: 100, skip: 0 });
    await write(tenantId, page.incidents);
  });
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return (performance.now() - startedAt) / 1000;
}

/** What the process holds, in MB, when garbage is collected. */
async function weigh(): Promise<number> {
  if (!globalThis.gc) throw new Error('Run this with --expose-gc.');
  for (let turn = 0; turn < 3; turn++) {
    await globalThis.gc({ type: 'major', execution: 'async', flavor: 'last-resort' });
    await sleep(50);
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

function toRows(small: Measured, large: Measured): readonly Row[] {
  const name = `at ${small.tenants.toLocaleString('en-US')} tenants`;
  const size = large.tenants.toLocaleString('en-US');
  const toRow = (what: string, toValue: (one: Measured) => number, unit: string): Row => ({
    what,
    measured: { value: toValue(large), unit },
    against: { name, value: toValue(small), unit },
    ratio: toValue(large) / toValue(small),
    bar: LINEAR,
  });
  const per = (toSweep: (one: Measured) => Sweep) => (one: Measured) =>
    (toSweep(one).seconds * 1000) / one.tenants;
  const first = per((one) => one.first);
  const idle = per((one) => one.idle);
  return [
    toRow(`calls per tenant, first sync of ${size}`, (one) => one.first.calls / one.tenants, ''),
    toRow('calls per tenant, nothing new', (one) => one.idle.calls / one.tenants, ''),
    toRow(`time per tenant, first sync, ${INCIDENTS} incidents each`, first, 'ms'),
    toRow('time per tenant, nothing new', idle, 'ms'),
    toRow(
      'first sync, as a multiple of reading and writing the same without the sync',
      (one) => one.first.seconds / one.floor,
      '×',
    ),
    {
      what: `heap and buffers after the first sync of ${size} tenants, over the idle process`,
      measured: { value: large.heap, unit: 'MB' },
      against: { name, value: small.heap, unit: 'MB' },
      bar: { of: 'measured', is: 'at most', limit: 20 },
    },
  ];
}

await reportSection(({ quick }) =>
  withStorage(async (azure): Promise<SectionResult> => {
    await measureSize(azure, 20);
    const small = await measureSize(azure, 100);
    const large = await measureSize(azure, quick ? 200 : 1000);
    return {
      rows: toRows(small, large),
      notes: [
        "The timer's run and the tenant's message of the broker with as many messages at once as host.json allows,",
        'over Azurite; the queue is a list. A write to Azurite costs more the more rows a table has.',
      ],
    };
  }),
);
