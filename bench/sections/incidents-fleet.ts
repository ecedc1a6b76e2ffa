import { generateIncident } from '../../local/defender/generate-incidents.ts';
import { createIncidentStore } from '../../local/defender/incident-store.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { createApis, createIncidentStorage, toTenantId } from '../support/incident-environment.ts';
import { toSlowThirdRow } from '../support/slow-third-row.ts';
import { withStorage } from '../support/storage.ts';
import { createSyncFixture, INTERVAL } from '../support/sync-fixture.ts';
import { simulateSync } from '../support/sync-simulation.ts';
import { weighHeap } from '../support/weigh-heap.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 21, 9);
const INCIDENTS = 20;
const GROUP = 100;
const QUICK_GROUP = 20;
const LINEAR = { of: 'ratio', is: 'at most', limit: 1.2 } as const;

/**
 * Incidents that are made up anew whenever they are asked for, so that only the broker's memory
 * counts.
 */
function createForgetfulUpstream(now: () => number) {
  return {
    ...createIncidentStore({ now }),
    listIncidents: (tenantId: string) =>
      Array.from({ length: INCIDENTS }, (_, index) =>
        generateIncident({ tenantId, incidentId: 1001 + index, at: START - index * MINUTE }),
      ),
  };
}

/** How many tenants a fleet has. */
interface FleetSize {
  readonly tenants: number;
  /** Tenants that are due at once. */
  readonly due: number;
  /** Tenants of one step. */
  readonly group: number;
}

/** Some tenants over tables of their own, due in groups; the timer runs before each. */
async function openFleet(azure: AzureClients, { tenants, due, group }: FleetSize) {
  const clock = { now: START };
  const apis = createApis(
    createForgetfulUpstream(() => clock.now),
    () => clock.now,
  );
  const tenantIds = Array.from({ length: tenants }, (_, index) => toTenantId(index));
  const storage = createIncidentStorage(azure);
  const rigs = await Promise.all(
    Array.from({ length: tenants / due }, (_, part) => {
      const ids = tenantIds.slice(part * due, (part + 1) * due);
      return createSyncFixture({ azure, apis, clock, storage, tenantIds: ids });
    }),
  );

  /** Syncs every tenant, a group to a step; a step answers its seconds. */
  async function* sweep(): AsyncGenerator<number> {
    for (const fixture of rigs) {
      for (let done = 0; done < due; done += group) {
        const startedAt = performance.now();
        if (done === 0) await fixture.run();
        await fixture.drain(group);
        yield (performance.now() - startedAt) / 1000;
      }
    }
  }

  return {
    clock,
    sweep,
    countCalls: apis.countCalls,
    /** Throws when not every incident was told once. */
    expectAll: async () => {
      const { last } = await storage.changeFeed.bounds();
      if (last !== tenants * INCIDENTS) throw new Error(`${last} incidents are in the feed.`);
    },
  };
}

type Fleet = Awaited<ReturnType<typeof openFleet>>;

/**
 * What a sweep of each fleet took per tenant: milliseconds and calls. They take turns, a group
 * of tenants at a time.
 */
async function sweepInTurns(fleets: readonly Fleet[], { tenants, group }: Omit<FleetSize, 'due'>) {
  const before = fleets.map(({ countCalls }) => countCalls());
  const seconds = fleets.map(() => 0);
  const sweeps = fleets.map(({ sweep }) => sweep());
  for (let step = 0; step < tenants / group; step++) {
    const order = step % 2 === 0 ? [0, 1] : [1, 0];
    for (const which of order) {
      const { value } = (await sweeps[which]?.next()) ?? {};
      seconds[which] = (seconds[which] ?? 0) + (value ?? 0);
    }
  }
  return fleets.map(({ countCalls }, which) => ({
    ms: ((seconds[which] ?? 0) * 1000) / tenants,
    calls: (countCalls() - (before[which] ?? 0)) / tenants,
  }));
}

/** Two fleets alike: in one all tenants are due at once, in the other a group at a time. */
async function measure(azure: AzureClients, size: Omit<FleetSize, 'due'>) {
  const { tenants, group } = size;
  const fleets = [
    await openFleet(azure, { tenants, group, due: tenants }),
    await openFleet(azure, { tenants, group, due: group }),
  ];
  const before = await weighHeap();
  const first = await sweepInTurns(fleets, size);
  const heap = (await weighHeap()) - before;
  for (const { expectAll, clock } of fleets) {
    await expectAll();
    clock.now += 2 * INTERVAL;
  }
  return { first, idle: await sweepInTurns(fleets, size), heap, idleHeap: before };
}

function toRows(
  what: string,
  group: number,
  [large, small]: readonly { readonly ms: number; readonly calls: number }[],
): readonly Row[] {
  const name = `${group} due at a time`;
  return [
    {
      what: `${what}: calls per tenant`,
      measured: { value: large?.calls ?? Number.NaN, unit: '' },
      against: { name, value: small?.calls ?? Number.NaN, unit: '' },
      ratio: (large?.calls ?? Number.NaN) / (small?.calls ?? Number.NaN),
      bar: LINEAR,
    },
    {
      what: `${what}: time per tenant`,
      measured: { value: large?.ms ?? Number.NaN, unit: 'ms' },
      against: { name, value: small?.ms ?? Number.NaN, unit: 'ms' },
      ratio: (large?.ms ?? Number.NaN) / (small?.ms ?? Number.NaN),
      bar: LINEAR,
    },
  ];
}

/** A third of the tenants of whom Microsoft says nothing until the time-out. */
async function measureSlowThird(tenants: number): Promise<Row> {
  const tenantIds = Array.from({ length: tenants }, (_, index) => toTenantId(index));
  const times = { storageMs: 10, callMs: 300, failsAfterMs: 30_000 };
  const what = `${tenants.toLocaleString('en-US')} tenants, a third hangs for 30 s`;
  return toSlowThirdRow(what, await simulateSync(tenantIds, times));
}

await reportSection(({ quick }) =>
  withStorage(async (azure): Promise<SectionResult> => {
    const group = quick ? QUICK_GROUP : GROUP;
    const tenants = quick ? 3 * group : 10 * group;
    await measure(azure, { tenants: group, group });
    const { first, idle, heap, idleHeap } = await measure(azure, { tenants, group });
    const size = tenants.toLocaleString('en-US');
    return {
      rows: [
        ...toRows(`first sync of ${size} tenants, ${INCIDENTS} incidents each`, group, first),
        ...toRows(`the next sync of ${size} tenants, nothing new`, group, idle),
        {
          what: `heap and buffers after the first sync of both, over the idle process`,
          measured: { value: heap, unit: 'MB' },
          against: { name: 'idle process', value: idleHeap, unit: 'MB' },
          bar: { of: 'measured', is: 'at most', limit: 20 },
        },
        await measureSlowThird(quick ? 600 : 1200),
      ],
      notes: [
        "The timer's run and the tenant's message of the broker with as many messages at once as host.json allows,",
        'over Azurite; the queue is a list. Azurite takes longer the more rows a table has, which tables in Azure do',
        'not: so the tables of both grow alike, and a group of tenants of one takes turns with a group of the other.',
        'Simulated: the same sync on memory with a simulated clock; a page takes 300 ms, an operation of storage 10 ms.',
      ],
    };
  }),
);
