import { setTimeout as sleep } from 'node:timers/promises';
import { generateIncident } from '../../local/defender/generate-incidents.ts';
import { createIncidentStore } from '../../local/defender/incident-store.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { createApis, createIncidentStorage, toTenantId } from '../support/incident-environment.ts';
import { withStorage } from '../support/storage.ts';
import { createSyncFixture, INTERVAL } from '../support/sync-fixture.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 21, 9);
const INCIDENTS = 20;
const GROUP = 100;
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

/** Some tenants over tables of their own, due in groups; the timer runs before each. */
async function openFleet(azure: AzureClients, { tenants, due }: { tenants: number; due: number }) {
  const clock = { now: START };
  const apis = createApis(
    createForgetfulUpstream(() => clock.now),
    () => clock.now,
  );
  const tenantIds = Array.from({ length: tenants }, (_, index) => toTenantId(index));
  const storage = createIncidentStorage(azure);
  const rigs = await Promise.all(
    Array.from({ length: tenants / due }, (_, group) => {
      const ids = tenantIds.slice(group * due, (group + 1) * due);
      return createSyncFixture({ azure, apis, clock, storage, tenantIds: ids });
    }),
  );

  /** Syncs every tenant, a hundred to a step; a step answers its seconds. */
  async function* sweep(): AsyncGenerator<number> {
    for (const fixture of rigs) {
      for (let done = 0; done < due; done += GROUP) {
        const startedAt = performance.now();
        if (done === 0) await fixture.run();
        await fixture.drain(GROUP);
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
 * What a sweep of each fleet took per tenant: milliseconds and calls. They take turns, a hundred
 * tenants at a time.
 */
async function sweepInTurns(fleets: readonly Fleet[], tenants: number) {
  const before = fleets.map(({ countCalls }) => countCalls());
  const seconds = fleets.map(() => 0);
  const sweeps = fleets.map(({ sweep }) => sweep());
  for (let step = 0; step < tenants / GROUP; step++) {
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

/** Two fleets alike: in one all tenants are due at once, in the other a hundred at a time. */
async function measure(azure: AzureClients, tenants: number) {
  const fleets = [
    await openFleet(azure, { tenants, due: tenants }),
    await openFleet(azure, { tenants, due: GROUP }),
  ];
  const before = await weigh();
  const first = await sweepInTurns(fleets, tenants);
  const heap = (await weigh()) - before;
  for (const { expectAll, clock } of fleets) {
    await expectAll();
    clock.now += 2 * INTERVAL;
  }
  return { first, idle: await sweepInTurns(fleets, tenants), heap };
}

function toRows(
  what: string,
  [large, small]: readonly { readonly ms: number; readonly calls: number }[],
): readonly Row[] {
  const name = `${GROUP} due at a time`;
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

await reportSection(({ quick }) =>
  withStorage(async (azure): Promise<SectionResult> => {
    const tenants = quick ? 200 : 1000;
    await measure(azure, GROUP);
    const { first, idle, heap } = await measure(azure, tenants);
    const size = tenants.toLocaleString('en-US');
    return {
      rows: [
        ...toRows(`first sync of ${size} tenants, ${INCIDENTS} incidents each`, first),
        ...toRows(`the next sync of ${size} tenants, nothing new`, idle),
        {
          what: `heap and buffers after the first sync of both, over the idle process`,
          measured: { value: heap, unit: 'MB' },
          bar: { of: 'measured', is: 'at most', limit: 20 },
        },
      ],
      notes: [
        "The timer's run and the tenant's message of the broker with as many messages at once as host.json allows,",
        'over Azurite; the queue is a list. Azurite takes longer the more rows a table has, which tables in Azure do',
        'not: so the tables of both grow alike, and a hundred tenants of one take turns with a hundred of the other.',
      ],
    };
  }),
);
