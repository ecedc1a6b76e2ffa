import { type ForkedHost, forkHost } from '../environment/host.ts';
import { seedBroker } from '../environment/seed.ts';
import {
  startEnvironment,
  type TestEnvironment,
  takeTokenRequests,
} from '../environment/start-environment.ts';
import type { SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { median } from '../support/statistics.ts';

const PROCESSES = 4;
const CONCURRENT = 50;

/** What one tenant's first requests cost. */
interface ColdRun {
  readonly entraCalls: number;
  readonly answered: number;
  readonly milliseconds: number;
}

async function askAll(
  environment: TestEnvironment,
  hosts: readonly ForkedHost[],
): Promise<readonly ColdRun[]> {
  const runs: ColdRun[] = [];
  for (const tenantId of environment.tenantIds) {
    await takeTokenRequests(environment);
    const startedAt = performance.now();
    const statuses = await Promise.all(
      hosts.flatMap(({ url }) =>
        Array.from({ length: CONCURRENT }, () =>
          askOnce(`${url}/api/tenants/${tenantId}/token`, environment.callerToken),
        ),
      ),
    );
    const milliseconds = performance.now() - startedAt;
    const entraCalls = (await takeTokenRequests(environment)).get(tenantId) ?? 0;
    const answered = statuses.filter((status) => status === 200).length;
    runs.push({ entraCalls, answered, milliseconds });
  }
  return runs;
}

async function askOnce(url: string, callerToken: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${callerToken}` },
  });
  await response.arrayBuffer();
  return response.status;
}

function toResult(runs: readonly ColdRun[]): SectionResult {
  const [first, ...others] = runs;
  const most = (list: readonly ColdRun[]) => Math.max(...list.map((run) => run.entraCalls));
  const all = PROCESSES * CONCURRENT;
  const naive = { name: 'one per request', value: all, unit: '' };
  const once = { of: 'measured', is: 'at most', limit: 1 } as const;
  return {
    rows: [
      {
        what: `${PROCESSES} just started processes × ${CONCURRENT} requests, one tenant: calls to Entra`,
        measured: { value: first?.entraCalls ?? Number.NaN, unit: '' },
        against: naive,
        bar: once,
      },
      {
        what: `the same for ${others.length} more tenants, the most for any of them`,
        measured: { value: most(others), unit: '' },
        against: naive,
        bar: once,
      },
      {
        what: `requests of ${all} that get a token, the fewest for any tenant`,
        measured: { value: Math.min(...runs.map(({ answered }) => answered)), unit: '' },
        against: { name: 'requests', value: all, unit: '' },
        bar: { of: 'measured', is: 'at least', limit: all },
      },
      {
        what: 'until all are answered: processes that run, median',
        measured: { value: median(others.map(({ milliseconds }) => milliseconds)), unit: 'ms' },
        against: { name: 'just started', value: first?.milliseconds ?? Number.NaN, unit: 'ms' },
      },
    ],
    notes: ['Entra takes 50 ms to answer; one Azurite for all processes.'],
  };
}

await reportSection(async ({ quick }): Promise<SectionResult> => {
  const environment = await startEnvironment({ tenants: quick ? 4 : 21, latencyMs: 50 });
  await seedBroker(environment);
  const hosts = await Promise.all(
    Array.from({ length: PROCESSES }, () => forkHost(environment.settings)),
  );
  try {
    return toResult(await askAll(environment, hosts));
  } finally {
    await Promise.all(hosts.map((host) => host.stop()));
    await environment.stop();
  }
});
