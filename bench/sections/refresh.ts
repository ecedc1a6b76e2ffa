import {
  setFaults,
  startEnvironment,
  type TestEnvironment,
  takeTokenRequests,
  type WorldFault,
} from '../environment/start-environment.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { toTenantId } from '../support/incident-environment.ts';
import { createRefreshFixture, type Sweep } from '../support/refresh-fixture.ts';
import { type MeasuredSweep, toSizeRows, toText } from '../support/refresh-rows.ts';
import { simulateRefresh } from '../support/refresh-simulation.ts';
import { toSlowThirdRow } from '../support/slow-third-row.ts';
import { median } from '../support/statistics.ts';
import { weighHeap } from '../support/weigh-heap.ts';

const LATENCY_MS = 50;

/** Past the refresh time of every token and before the end of any. */
const UNTIL_DUE = 55 * 60_000;

const BASELINE: WorldFault = { kind: 'slow', ms: LATENCY_MS };

async function measureSize(environment: TestEnvironment, tenants: number): Promise<MeasuredSweep> {
  const fixture = await createRefreshFixture(environment, environment.tenantIds.slice(0, tenants));
  await fixture.sweep();
  await takeTokenRequests(environment);
  await fixture.pass(UNTIL_DUE);
  const before = await weighHeap();
  const { seconds, keys, operations } = await fixture.sweep();
  const kept = (await weighHeap()) - before;
  if (keys !== tenants) throw new Error(`${keys} keys of ${tenants} were due.`);
  const requests = await takeTokenRequests(environment);
  const calls = [...requests.values()].reduce((sum, count) => sum + count, 0);
  return { tenants, seconds, calls, operations, kept, tableSeconds: await fixture.touchTables() };
}

/**
 * How long the healthy two thirds take: with nothing wrong, when the rest begins to fail, and when
 * it goes on.
 */
interface Disturbance {
  readonly tenants: number;
  readonly calm: readonly number[];
  readonly begins: number;
  readonly known: number;
}

async function measureFailing(
  environment: TestEnvironment,
  tenantIds: readonly string[],
  failure: readonly FailureFault[],
): Promise<Disturbance> {
  const fixture = await createRefreshFixture(environment, tenantIds);
  const failing = tenantIds.filter((_, index) => index % 3 === 0);
  const healthy = tenantIds.filter((_, index) => index % 3 !== 0);
  const faults = failing.flatMap((tenantId) => failure.map((fault) => ({ ...fault, tenantId })));
  const measure = async () => {
    await fixture.pass(UNTIL_DUE);
    return lastOf(await fixture.sweep(), healthy);
  };
  await setFaults(environment, [BASELINE]);
  await measure();
  const before = await measure();
  // Of several delays the first counts.
  await setFaults(environment, [...faults, BASELINE]);
  const begins = await measure();
  const known = await measure();
  await setFaults(environment, [BASELINE]);
  await measure();
  return { tenants: tenantIds.length, calm: [before, await measure()], begins, known };
}

type FailureFault =
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'server-error' };

function lastOf({ doneAt }: Sweep, tenantIds: readonly string[]): number {
  const times = tenantIds.map((tenantId) => doneAt.get(tenantId));
  if (times.includes(undefined)) throw new Error('A healthy tenant was not refreshed.');
  return Math.max(...times.map((time) => time ?? 0));
}

/** In real time Azurite, Entra and the refresh share the processors of one machine: no bar. */
function toFailingRows(
  what: string,
  { calm, begins, known, tenants }: Disturbance,
): readonly Row[] {
  const base = median(calm);
  const toRow = (when: string, value: number): Row => ({
    what: `healthy two thirds of ${toText(tenants)} tenants, ${what}: ${when}`,
    measured: { value, unit: 's' },
    against: { name: 'nothing fails', value: base, unit: 's' },
    ratio: value / base,
  });
  return [toRow('the run in which it begins', begins), toRow('the runs after', known)];
}

/** A third of the tenants to whom Entra says nothing until the time-out, and one that fails. */
async function measureSlowThird(count: number): Promise<readonly Row[]> {
  const tenantIds = Array.from({ length: count }, (_, index) => toTenantId(index));
  const rows: Row[] = [];
  for (const seconds of [2, 10]) {
    const times = { storageMs: 10, callMs: 150, failsAfterMs: seconds * 1000 };
    const what = `${toText(tenantIds.length)} tenants, a third fails after ${seconds} s`;
    rows.push(toSlowThirdRow(what, await simulateRefresh(tenantIds, times)));
  }
  return rows;
}

async function measure(environment: TestEnvironment, count: number): Promise<readonly Row[]> {
  const sizes: MeasuredSweep[] = [];
  for (const size of [count / 100, count / 10, count])
    sizes.push(await measureSize(environment, size));
  const tenantIds = environment.tenantIds.slice(0, Math.min(1200, count / 2));
  const refusal = { kind: 'server-error' as const };
  const refusals = await measureFailing(environment, tenantIds, [refusal]);
  const slowRefusal = [{ kind: 'slow' as const, ms: 2000 }, refusal];
  const delays = await measureFailing(environment, tenantIds, slowRefusal);
  return [
    ...toSizeRows(sizes),
    ...(await measureSlowThird(count < 10_000 ? 600 : 1200)),
    ...toFailingRows('a third answers 503', refusals),
    ...toFailingRows('a third answers 503 after 2 s', delays),
  ];
}

await reportSection(async ({ quick }): Promise<SectionResult> => {
  const count = quick ? 300 : 10_000;
  const environment = await startEnvironment({ tenants: count, latencyMs: LATENCY_MS });
  try {
    return {
      rows: await measure(environment, count),
      notes: [
        'Plan and batches of the real refresher, as many batches at once as host.json allows, over Azurite; Entra',
        'answers after 50 ms. Azurite and Entra share the cores with the broker, and a write to Azurite costs more the',
        'more rows a table has (its index is searched from the start): the table operations alone are the floor.',
        'Simulated: the same refresh on memory with a simulated clock; Entra takes 150 ms, an operation of storage 10 ms.',
      ],
    };
  } finally {
    await environment.stop();
  }
});
