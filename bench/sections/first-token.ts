import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { COMMON } from '../../local/build.ts';
import { buildPackage } from '../../local/package.ts';
import { forkHost } from '../environment/host.ts';
import { seedBroker } from '../environment/seed.ts';
import { startEnvironment, type TestEnvironment } from '../environment/start-environment.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { readProcessorMs } from '../support/process-weight.ts';
import { measureInTurn, median, type Round } from '../support/statistics.ts';

const BENCH = join(import.meta.dirname, '..');

/**
 * Builds an app of one file beside the broker's package. What the SDKs load later stays out, as the
 * broker leaves it out.
 */
async function buildApp(folder: string, source: string): Promise<void> {
  await build({
    ...COMMON,
    external: [...COMMON.external, '*/identity-sdk.ts', '*/storage-sdk.ts'],
    keepNames: true,
    define: { ...COMMON.define, 'import.meta.url': 'undefined' },
    entryPoints: [join(BENCH, 'support', source)],
    outfile: join(folder, 'index.cjs'),
  });
  await cp(join(BENCH, 'fixture/host.json'), join(folder, 'host.json'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ main: 'index.cjs' }));
}

/** What a host process took from its spawn to its first answer. */
interface FirstAnswer {
  readonly milliseconds: number;
  /** Of all its threads. */
  readonly processorMs: number;
}

/** Times the first answer of a new host process. */
async function timeFirst(
  environment: TestEnvironment,
  app: string,
  request: (url: string) => Request,
): Promise<FirstAnswer> {
  const startedAt = performance.now();
  const host = await forkHost(environment.settings, { app, quiet: true });
  try {
    const response = await fetch(request(host.url));
    const body = await response.text();
    const milliseconds = performance.now() - startedAt;
    const processorMs = await readProcessorMs(host.pid);
    if (!response.ok) throw new Error(`The first answer was ${response.status}: ${body}`);
    return { milliseconds, processorMs };
  } finally {
    await host.stop();
  }
}

type Subject = 'empty' | 'bare' | 'health' | 'token';

async function measure(
  environment: TestEnvironment,
  folder: string,
  rounds: number,
): Promise<SectionResult> {
  const [empty, bare, broker] = [
    join(folder, 'empty'),
    join(folder, 'bare'),
    join(folder, 'broker'),
  ];
  // An app of only the Functions library and jose, and one that hands out a token bare.
  await buildApp(empty, 'floor-app.ts');
  await buildApp(bare, 'floor-token-app.ts');
  await buildPackage(broker);
  const askToken = (url: string) =>
    new Request(`${url}/api/tenants/${environment.tenantIds[0]}/token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${environment.callerToken}` },
    });
  const ask = (path: string) => (url: string) => new Request(`${url}${path}`);
  // The first process asks Entra; every later one finds the row.
  await timeFirst(environment, broker, askToken);
  const processor = new Map<Subject, number[]>();
  const round = (
    name: Subject,
    app: string,
    request: (url: string) => Request,
  ): [Subject, Round] => [
    name,
    async () => {
      const { milliseconds, processorMs } = await timeFirst(environment, app, request);
      processor.set(name, [...(processor.get(name) ?? []), processorMs]);
      return milliseconds;
    },
  ];
  const medians = await measureInTurn(
    new Map([
      round('empty', empty, ask('/api/empty')),
      round('bare', bare, askToken),
      round('health', broker, ask('/api/health')),
      round('token', broker, askToken),
    ]),
    rounds,
  );
  return toResult(
    (name) => medians.get(name) ?? Number.NaN,
    (name) => median(processor.get(name) ?? []),
  );
}

function toResult(
  at: (name: Subject) => number,
  processorAt: (name: Subject) => number,
): SectionResult {
  const toFigure = (value: number) => ({ value, unit: 'ms' });
  const against = { name: 'an empty handler', ...toFigure(at('empty')) };
  const added = at('token') - at('empty');
  const toAdded = (name: Subject) => processorAt(name) - processorAt('empty');
  const row = (what: string, name: Subject): Row => ({
    what,
    measured: toFigure(at(name)),
    against,
    ratio: at(name) / at('empty'),
  });
  return {
    rows: [
      row('new process to its first answer, the broker’s /api/health', 'health'),
      row('new process to its first token, the row being in the table', 'token'),
      row('the same SDKs and round trips in a bare app', 'bare'),
      {
        what: 'what the first token adds to an empty handler',
        measured: toFigure(added),
        against,
        limit: 'The next row says how much of it is the load of the SDKs and their calls.',
        bar: { of: 'measured', is: 'at most', limit: 100 },
      },
      {
        what: 'the same in processor time, which a busy machine disturbs least',
        measured: toFigure(toAdded('token')),
        against: { name: 'the bare app', ...toFigure(toAdded('bare')) },
        ratio: toAdded('token') / toAdded('bare'),
      },
    ],
    notes: [
      'Each in a host process of its own, medians of rounds that take turns. The bare app loads the same SDKs and makes the same calls, all at once, and checks nothing.',
    ],
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
