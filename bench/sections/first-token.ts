import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { COMMON } from '../../local/build.ts';
import { buildPackage } from '../../local/package.ts';
import { forkHost } from '../environment/host.ts';
import { seedBroker } from '../environment/seed.ts';
import { startEnvironment, type TestEnvironment } from '../environment/start-environment.ts';
import type { SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { measureInTurn } from '../support/statistics.ts';

const BENCH = join(import.meta.dirname, '..');

/** The floor: an app of only the Functions library and jose, whose empty route answers at once. */
async function buildFloor(folder: string): Promise<void> {
  const outfile = join(folder, 'index.cjs');
  await build({ ...COMMON, entryPoints: [join(BENCH, 'support/floor-app.ts')], outfile });
  await cp(join(BENCH, 'fixture/host.json'), join(folder, 'host.json'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ main: 'index.cjs' }));
}

/** Milliseconds from the spawn of a host process to its first answer. */
async function timeFirst(
  environment: TestEnvironment,
  app: string,
  request: (url: string) => Request,
) {
  const startedAt = performance.now();
  const host = await forkHost(environment.settings, { app, quiet: true });
  try {
    const response = await fetch(request(host.url));
    const body = await response.text();
    const milliseconds = performance.now() - startedAt;
    if (!response.ok) throw new Error(`The first answer was ${response.status}: ${body}`);
    return milliseconds;
  } finally {
    await host.stop();
  }
}

async function measure(
  environment: TestEnvironment,
  folder: string,
  rounds: number,
): Promise<SectionResult> {
  const [floor, broker] = [join(folder, 'floor'), join(folder, 'broker')];
  await buildFloor(floor);
  await buildPackage(broker);
  const askToken = (url: string) =>
    new Request(`${url}/api/tenants/${environment.tenantIds[0]}/token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${environment.callerToken}` },
    });
  const askEmpty = (url: string) => new Request(`${url}/api/empty`);
  const askHealth = (url: string) => new Request(`${url}/api/health`);
  // The first process asks Entra; every later one finds the row.
  await timeFirst(environment, broker, askToken);
  const medians = await measureInTurn(
    new Map([
      ['floor', () => timeFirst(environment, floor, askEmpty)],
      ['health', () => timeFirst(environment, broker, askHealth)],
      ['token', () => timeFirst(environment, broker, askToken)],
    ]),
    rounds,
  );
  return toResult((name) => medians.get(name) ?? Number.NaN);
}

function toResult(at: (name: 'floor' | 'health' | 'token') => number): SectionResult {
  const against = { name: 'an empty handler of the floor', value: at('floor'), unit: 'ms' };
  return {
    rows: [
      {
        what: 'new process to its first answer, the broker’s /api/health',
        measured: { value: at('health'), unit: 'ms' },
        against,
      },
      {
        what: 'new process to its first token, the row being in the table',
        measured: { value: at('token'), unit: 'ms' },
        against,
      },
      {
        what: 'what the first token adds to the start of the host',
        measured: { value: at('token') - at('floor'), unit: 'ms' },
        against,
        ratio: at('token') / at('floor'),
        limit:
          'Both are processor time for the most part: compare the floor with that of other runs.',
        bar: { of: 'measured', is: 'at most', limit: 100 },
      },
    ],
    notes: ['Each in a host process of its own, medians of rounds that take turns.'],
  };
}

await reportSection(async ({ quick }): Promise<SectionResult> => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const environment = await startEnvironment({ tenants: 1 });
  try {
    await seedBroker(environment);
    return await measure(environment, folder, quick ? 3 : 15);
  } finally {
    await environment.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
