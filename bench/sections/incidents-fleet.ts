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

/** How many tenants are measured, and how many more have their rows in the same tables. */
interface Size {
  readonly tenants: number;
  readonly others?: number;
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

async function openFleet(azure: AzureClients, { tenants, others = 0 }: Size) {
  const clock = { now: START };
  const apis = createApis(
    createForgetfulUpstream(() => clock.now),
    () => clock.now,
  );
  const ids = Array.from({ length: tenants + others }, (_, index) => toTenantId(index));
  const tenantIds = ids.slice(0, tenants);
  const rig = await createSyncRig({ azure, apis, clock, tenantIds });
  /** Half of the others are there while the tenants' own rows come, all of them afterwards. */
  const addOthers = async (from: number, to: number) => {
    const { storage } = rig;
    const otherIds = ids.slice(tenants + from, tenants + to);
    await (await createSyncRig({ azure, apis, clock, tenantIds: otherIds, storage })).tick();
  };
  const sweep = async (): Promise<Sweep> => {
    const calls = apis.countCalls();
    const startedAt = performance.now();
    await rig.tick();
    const seconds = (performance.now() - startedAt) / 1000;
    return { seconds, calls: apis.countCalls() - calls };
  };
  return { clock, apis, tenantIds, ...rig, addOthers, sweep };
}

async function measureSize(azure: AzureClients, size: Size): Promise<Measured> {
  const { tenants, others = 0 } = size;
  const fleet = await openFleet(azure, size);
  await fleet.addOthers(0, others / 2);
  const before = await weigh();
  const first = await fleet.sweep();
  const heap = (await weigh()) - before;
  await fleet.addOthers(others / 2, others);
  const { last } = await fleet.storage.changeFeed.bounds();
  if (last !== (tenants + others) * INCIDENTS)
    throw new Error(`${last} incidents are in the feed.`);
  fleet.clock.now += 2 * INTERVAL;
  const idle = await fleet.sweep();
  const floor = await writeBare(azure, fleet);
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

function toRows(small: Measured, beside: Measured, large: Measured): readonly Row[] {
  const size = large.tenants.toLocaleString('en-US');
  const name = `at ${small.tenants.toLocaleString('en-US')} tenants`;
  const toRow = (
    what: string,
    toValue: (one: Measured) => number,
    { unit, other, as }: { unit: string; other: Measured; as: string },
  ): Row => ({
    what,
    measured: { value: toValue(large), unit },
    against: { name: as, value: toValue(other), unit },
    ratio: toValue(large) / toValue(other),
  });
  const per = (toSweep: (one: Measured) => Sweep) => (one: Measured) =>
    (toSweep(one).seconds * 1000) / one.tenants;
  const first = per((one) => one.first);
  const idle = per((one) => one.idle);
  const alone = { unit: 'ms', other: small, as: `${name}, in tables with their rows alone` };
  const full = { unit: 'ms', other: beside, as: `${name}, in tables of the same size` };
  const calls = { unit: '', other: small, as: name };
  const firstOf = `time per tenant, first sync of ${size}, ${INCIDENTS} incidents each`;
  return [
    {
      ...toRow(`calls per tenant, first sync`, (one) => one.first.calls / one.tenants, calls),
      bar: LINEAR,
    },
    {
      ...toRow('calls per tenant, nothing new', (one) => one.idle.calls / one.tenants, calls),
      bar: LINEAR,
    },
    { ...toRow(firstOf, first, full), bar: LINEAR },
    { ...toRow('time per tenant, nothing new', idle, full), bar: LINEAR },
    toRow(firstOf, first, alone),
    toRow('time per tenant, nothing new', idle, alone),
    toRow(
      'reading and writing the same without the sync',
      (one) => (one.floor * 1000) / one.tenants,
      alone,
    ),
    {
      what: `heap and buffers after the first sync of ${size} tenants, over the idle process`,
      measured: { value: large.heap, unit: 'MB' },
      against: { name, value: small.heap, unit: 'MB' },
      bar: { of: 'measured', is: 'at most', limit: 20 },
    },
  ];
}

await reportSection(async ({ quick }): Promise<SectionResult> => {
  const most = quick ? 200 : 1000;
  // An emulator each: one that has held much is slower.
  const measure = (size: Size) => withStorage((azure) => measureSize(azure, size));
  await measure({ tenants: 20 });
  const small = await measure({ tenants: 100 });
  const beside = await measure({ tenants: 100, others: most - 100 });
  const large = await measure({ tenants: most });
  return {
    rows: toRows(small, beside, large),
    notes: [
      "The timer's run and the tenant's message of the broker with as many messages at once as host.json allows,",
      'over Azurite; the queue is a list. Azurite takes longer the more rows a table has, which tables in Azure do',
      'not. Hence 100 tenants beside the rows of others: half of them at first, so that tables hold as many rows on',
      'average while they grow, and all of them when nothing is new.',
    ],
  };
});
