import { createIncidentStore } from '../../local/defender/incident-store.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import type { IncidentSourceName } from '../../shared/resources/incident-sources.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { createApis, toTenantId } from '../support/incident-environment.ts';
import { withStorage } from '../support/storage.ts';
import { createSyncFixture, INTERVAL } from '../support/sync-fixture.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = Date.UTC(2026, 10, 21, 9);
const PAGES = { 'defender-xdr': 100, graph: 50 } as const;
const SIZES = [1, 50, 99, 100, 101, 250, 1000, 5000];
const QUICK_SIZES = [1, 101, 550];

/** Tenants with stand-ins of their own, whose incidents are made as the section needs them. */
async function openFixture(azure: AzureClients, tenants: number) {
  const clock = { now: START };
  const upstream = createIncidentStore({ now: () => clock.now });
  const apis = createApis(upstream, () => clock.now);
  const tenantIds = Array.from({ length: tenants }, (_, index) => toTenantId(index));
  const fixture = await createSyncFixture({ azure, apis, clock, tenantIds });
  const [tenantId = ''] = tenantIds;
  return { clock, upstream, apis, tenantIds, tenantId, ...fixture };
}

async function measureUnchanged(azure: AzureClients): Promise<readonly Row[]> {
  const { clock, upstream, apis, tenantId, tick, storage } = await openFixture(azure, 1);
  upstream.createBurst(tenantId, { count: 60, from: START - 5 * MINUTE, to: START });
  await tick();
  const calls = apis.countCalls();
  const before = await storage.readVersions();
  clock.now += 2 * INTERVAL - 4 * MINUTE;
  await tick();
  const after = await storage.readVersions();
  const written = [...after].filter(([key, etag]) => before.get(key) !== etag).length;
  const one = { of: 'measured', is: 'at most', limit: 1 } as const;
  return [
    {
      what: 'unchanged tenant, 60 incidents in the overlap: calls',
      measured: { value: apis.countCalls() - calls, unit: '' },
      against: { name: 'pages to read', value: 1, unit: '' },
      bar: one,
    },
    {
      what: 'unchanged tenant: rows of incidents and changes that were written',
      measured: { value: written, unit: '' },
      against: { name: 'rows', value: after.size, unit: '' },
      bar: { ...one, limit: 0 },
    },
  ];
}

async function countCalls(
  azure: AzureClients,
  { count, source, ceiling }: { count: number; source: IncidentSourceName; ceiling?: number },
): Promise<number> {
  const fixture = await openFixture(azure, 1);
  const { clock, upstream, apis, tenantId, storage } = fixture;
  if (ceiling !== undefined) apis.graph.configure({ skipCeiling: ceiling });
  await fixture.choose(tenantId, source);
  await fixture.tick();
  clock.now += 2 * INTERVAL;
  const before = apis.countCalls();
  upstream.createBurst(tenantId, { count, from: clock.now - 8 * MINUTE, to: clock.now - MINUTE });
  await fixture.tick();
  await fixture.settle();
  const { last } = await storage.changeFeed.bounds();
  if (last !== count) throw new Error(`${last} of ${count} incidents are in the feed.`);
  return apis.countCalls() - before;
}

function toCallsRow(what: string, { calls, allowed }: { calls: number; allowed: number }): Row {
  return {
    what,
    measured: { value: calls, unit: 'calls' },
    against: { name: '⌈N/page⌉ + 1', value: allowed, unit: 'calls' },
    ratio: calls / allowed,
    bar: { of: 'ratio', is: 'at most', limit: 1 },
  };
}

async function measureChanged(
  azure: AzureClients,
  sizes: readonly number[],
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const source of ['defender-xdr', 'graph'] as const) {
    for (const count of sizes) {
      const allowed = Math.ceil(count / PAGES[source]) + 1;
      const endless = await countCalls(azure, { count, source, ceiling: Number.POSITIVE_INFINITY });
      const name = `${count.toLocaleString('en-US')} changed, ${source}`;
      rows.push(toCallsRow(name, { calls: endless, allowed }));
      if (source !== 'graph' || count <= 500) continue;
      const ceiled = await countCalls(azure, { count, source });
      rows.push(toCallsRow(`${name}, where $skip ends at 500`, { calls: ceiled, allowed }));
    }
  }
  return rows;
}

/**
 * An hour, minute by minute; answers the greatest age that was seen of the first tenant, and of all
 * others.
 */
async function passHour(azure: AzureClients, tenants: number, isThrottled: boolean) {
  const fixture = await openFixture(azure, tenants);
  const { clock, apis, tenantIds, tenantId } = fixture;
  await fixture.tick();
  clock.now += INTERVAL;
  await fixture.tick();
  const before = apis.countCalls();
  if (isThrottled) apis.defender.faults.inject({ kind: 'throttled', tenantId });
  let [own, others] = [0, 0];
  for (let minute = 0; minute < 60; minute++) {
    clock.now += MINUTE;
    await fixture.tick();
    const ages = await Promise.all(tenantIds.map(fixture.readAge));
    own = Math.max(own, ages[0] ?? 0);
    others = Math.max(others, ...ages.slice(1));
  }
  const calls = apis.defender.requests.slice(before).filter((one) => one.tenantId === tenantId);
  return { own, others, calls: calls.length };
}

async function measureThrottled(azure: AzureClients, tenants: number): Promise<readonly Row[]> {
  const calm = await passHour(azure, tenants, false);
  const throttled = await passHour(azure, tenants, true);
  const toMinutes = (value: number) => ({ value: value / MINUTE, unit: 'min' });
  return [
    {
      what: `greatest data age of ${tenants - 1} tenants while one answers 429 for an hour`,
      measured: toMinutes(throttled.others),
      against: { name: 'nobody does', ...toMinutes(calm.others) },
      ratio: throttled.others / calm.others,
      bar: { of: 'ratio', is: 'at most', limit: 1 },
    },
    {
      what: `its own after that hour, ${throttled.calls} calls`,
      measured: toMinutes(throttled.own),
      against: { name: `nobody does, ${calm.calls} calls`, ...toMinutes(calm.own) },
    },
  ];
}

async function measureBackfill(azure: AzureClients, count: number): Promise<readonly Row[]> {
  const fixture = await openFixture(azure, 1);
  const { clock, upstream, apis, tenantId, storage } = fixture;
  upstream.createBurst(tenantId, { count, from: START - 29 * DAY, to: START - MINUTE });
  const startedAt = performance.now();
  await fixture.tick();
  await fixture.settle();
  const seconds = (performance.now() - startedAt) / 1000;
  const { last } = await storage.changeFeed.bounds();
  const refused = apis.defender.requests.filter(({ status }) => status === 429).length;
  if (last !== count || refused > 0) throw new Error(`${last} incidents, ${refused} times 429.`);
  const least = count / 100;
  return [
    {
      what: `${count.toLocaleString('en-US')} incidents backfilled under the quota of 50 calls/min`,
      measured: { value: apis.countCalls(), unit: 'calls' },
      against: { name: 'least', value: least, unit: 'calls' },
      ratio: apis.countCalls() / least,
      bar: { of: 'ratio', is: 'at most', limit: 1.1 },
    },
    {
      what: 'the same in simulated time, the moved clock',
      measured: { value: (clock.now - START) / 1000, unit: 's' },
      against: { name: 'least', value: (Math.ceil(least / 50) - 1) * 60, unit: 's' },
    },
    {
      what: 'the same in real time, Azurite included',
      measured: { value: seconds, unit: 's' },
      against: { name: 'simulated', value: (clock.now - START) / 1000, unit: 's' },
    },
  ];
}

await reportSection(({ quick }) =>
  withStorage(async (azure): Promise<SectionResult> => {
    return {
      rows: [
        ...(await measureUnchanged(azure)),
        ...(await measureChanged(azure, quick ? QUICK_SIZES : SIZES)),
        ...(await measureThrottled(azure, quick ? 3 : 10)),
        ...(await measureBackfill(azure, quick ? 1000 : 10_000)),
      ],
      notes: [
        "The timer's run and the tenant's message of the broker over Azurite, stand-ins with their quotas in this",
        "process, a list as queue and a moved clock. Graph's list has the newest incident first, as documented; the",
        "other one's shows no order: there a row of each page is read twice, to see whether the list moved.",
      ],
    };
  }),
);
