import {
  setFaults,
  startEnvironment,
  type TestEnvironment,
  takeTokenRequests,
  type WorldFault,
} from '../environment/start-environment.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { createRefreshFixture, type Sweep } from '../support/refresh-fixture.ts';
import { median } from '../support/statistics.ts';

const LATENCY_MS = 50;

/** Past the refresh time of every token and before the end of any. */
const UNTIL_DUE = 55 * 60_000;

/** "Does not slow the rest": what rounds of the same kind differ by on a busy machine. */
const UNDISTURBED = 1.2;

const BASELINE: WorldFault = { kind: 'slow', ms: LATENCY_MS };

/** A sweep that renews tokens, with what it cost. */
interface Measured {
  readonly tenants: number;
  readonly seconds: number;
  readonly calls: number;
  readonly tableSeconds: number;
}

async function measureSize(environment: TestEnvironment, tenants: number): Promise<Measured> {
  const fixture = await createRefreshFixture(environment, environment.tenantIds.slice(0, tenants));
  await fixture.sweep();
  await takeTokenRequests(environment);
  fixture.pass(UNTIL_DUE);
  const { seconds, keys } = await fixture.sweep();
  if (keys !== tenants) throw new Error(`${keys} keys of ${tenants} were due.`);
  const requests = await takeTokenRequests(environment);
  const calls = [...requests.values()].reduce((sum, count) => sum + count, 0);
  return { tenants, seconds, calls, tableSeconds: await fixture.touchTables() };
}

function toSizeRows(sizes: readonly Measured[]): readonly Row[] {
  const [, middle, largest] = sizes;
  if (!middle || !largest) throw new Error('There are three sizes.');
  const perTenant = ({ seconds, tenants }: Measured) => (seconds * 1000) / tenants;
  const rows = sizes.map(({ tenants, seconds, calls, tableSeconds }) => ({
    what: `sweep of ${tenants.toLocaleString('en-US')} due tenants, ${calls.toLocaleString('en-US')} calls to Entra`,
    measured: { value: seconds, unit: 's' },
    against: { name: 'the same table operations alone', value: tableSeconds, unit: 's' },
    ratio: seconds / tableSeconds,
  }));
  const share = ({ seconds, tableSeconds }: Measured) => seconds / tableSeconds;
  const linear = { of: 'ratio', is: 'at most', limit: 1.2 } as const;
  const name = `at ${middle.tenants.toLocaleString('en-US')}`;
  return [
    ...rows,
    {
      what: `time per tenant at ${largest.tenants.toLocaleString('en-US')}`,
      measured: { value: perTenant(largest), unit: 'ms' },
      against: { name, value: perTenant(middle), unit: 'ms' },
      ratio: perTenant(largest) / perTenant(middle),
      limit:
        'A write to Azurite costs more the more rows a table has: the next row leaves that out.',
    },
    {
      what: 'the same, each as a multiple of its table operations alone',
      measured: { value: share(largest), unit: '×' },
      against: { name, value: share(middle), unit: '×' },
      ratio: share(largest) / share(middle),
      bar: linear,
    },
    {
      what: 'calls to Entra per due tenant, the most of any sweep',
      measured: {
        value: Math.max(...sizes.map(({ calls, tenants }) => calls / tenants)),
        unit: '',
      },
      against: { name: 'a due token takes', value: 1, unit: '' },
      bar: { of: 'measured', is: 'at most', limit: 1 },
    },
  ];
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
    fixture.pass(UNTIL_DUE);
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

function toFailingRows(
  what: string,
  { calm, begins, known, tenants }: Disturbance,
): readonly Row[] {
  const base = median(calm);
  const toRow = (when: string, value: number): Row => ({
    what: `healthy two thirds of ${tenants.toLocaleString('en-US')} tenants, ${what}: ${when}`,
    measured: { value, unit: 's' },
    against: { name: 'nothing fails', value: base, unit: 's' },
    ratio: value / base,
    limit:
      'Until its first failure is known, a slow tenant holds its place in a message for one try.',
    bar: { of: 'ratio', is: 'at most', limit: UNDISTURBED },
  });
  return [toRow('the run in which it begins', begins), toRow('the runs after', known)];
}

async function measure(environment: TestEnvironment, count: number): Promise<readonly Row[]> {
  const sizes: Measured[] = [];
  for (const size of [count / 100, count / 10, count])
    sizes.push(await measureSize(environment, size));
  const tenantIds = environment.tenantIds.slice(0, Math.min(1200, count / 2));
  const refusal = { kind: 'server-error' as const };
  const refusals = await measureFailing(environment, tenantIds, [refusal]);
  const slowRefusal = [{ kind: 'slow' as const, ms: 2000 }, refusal];
  const delays = await measureFailing(environment, tenantIds, slowRefusal);
  return [
    ...toSizeRows(sizes),
    ...toFailingRows('a third answers 503', refusals),
    ...toFailingRows('a third answers 503 after 2 s', delays),
  ];
}

await reportSection(async ({ quick }): Promise<SectionResult> => {
  const count = quick ? 600 : 10_000;
  const environment = await startEnvironment({ tenants: count, latencyMs: LATENCY_MS });
  try {
    return {
      rows: await measure(environment, count),
      notes: [
        'Plan and batches of the real refresher, as many batches at once as host.json allows, over Azurite; Entra',
        'answers after 50 ms. Azurite and Entra share the cores with the broker, and a write to Azurite costs more the',
        'more rows a table has (its index is searched from the start): the table operations alone are the floor.',
      ],
    };
  } finally {
    await environment.stop();
  }
});
