import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { COMMON } from '../../local/build.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { measureInTurn } from '../support/statistics.ts';

const BENCH = join(import.meta.dirname, '..');
const DIST = join(BENCH, '../dist');
const ENTRY = join(DIST, 'index.cjs');
const SDK = join(DIST, 'azure-sdk.cjs');
const OTEL = join(DIST, 'opentelemetry.cjs');

const run = promisify(execFile);

/** The floor: a bundle of only the Functions library and jose, made as `dist/` is. */
async function buildFloor(folder: string): Promise<string> {
  const outfile = join(folder, 'floor.cjs');
  await build({ ...COMMON, entryPoints: [join(BENCH, 'support/floor-app.ts')], outfile });
  return outfile;
}

/**
 * Milliseconds of CPU time, which neighbours on the machine disturb least, to load a file in a new
 * process.
 */
async function timeLoad(file: string): Promise<number> {
  const { stdout } = await run(process.execPath, [join(BENCH, 'fixture/load-time.cjs'), file]);
  return Number(stdout);
}

async function measureLoads(floor: string, count: number) {
  const rounds = new Map(
    (['entry', 'floor', 'sdk', 'otel'] as const).map((name) => {
      const file = { entry: ENTRY, floor, sdk: SDK, otel: OTEL }[name];
      return [name, () => timeLoad(file)] as const;
    }),
  );
  const medians = await measureInTurn(rounds, count);
  const toFigure = (name: 'entry' | 'floor' | 'sdk' | 'otel') => ({
    value: medians.get(name) ?? Number.NaN,
    unit: 'ms',
  });
  const [entry, sdk, otel] = [toFigure('entry'), toFigure('sdk'), toFigure('otel')];
  return { entry, sdk, otel, floor: toFigure('floor') };
}

async function measureSizes(floor: string) {
  const toFigure = async (file: string) => ({ value: (await stat(file)).size / 1e6, unit: 'MB' });
  return {
    entry: await toFigure(ENTRY),
    sdk: await toFigure(SDK),
    floor: await toFigure(floor),
    whole: { value: await sumSizes(DIST), unit: 'MB' },
  };
}

async function sumSizes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.map'));
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name))));
  return sizes.reduce((sum, { size }) => sum + size / 1e6, 0);
}

async function measure(floor: string, count: number): Promise<readonly Row[]> {
  const sizes = await measureSizes(floor);
  const loads = await measureLoads(floor, count);
  const name = 'only @azure/functions and jose';
  return [
    {
      what: 'dist/, all files without maps',
      measured: sizes.whole,
      against: { name, ...sizes.floor },
      bar: { of: 'measured', is: 'at most', limit: 1.5 },
    },
    {
      what: 'dist/index.cjs, the entry',
      measured: sizes.entry,
      against: { name, ...sizes.floor },
      ratio: sizes.entry.value / sizes.floor.value,
    },
    {
      what: 'load of the entry in a new process',
      measured: loads.entry,
      against: { name, ...loads.floor },
      ratio: loads.entry.value / loads.floor.value,
      bar: { of: 'ratio', is: 'at most', limit: 2 },
    },
    {
      what: 'load of the Azure SDKs, when the first request needs one',
      measured: loads.sdk,
      against: { name, ...loads.floor },
      ratio: loads.sdk.value / loads.floor.value,
    },
    {
      what: 'load of OpenTelemetry, when it is on',
      measured: loads.otel,
      against: { name, ...loads.floor },
      ratio: loads.otel.value / loads.floor.value,
    },
  ];
}

await reportSection(async ({ quick }): Promise<SectionResult> => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const rows = await measure(await buildFloor(folder), quick ? 3 : 15);
    return {
      rows,
      notes: ['CPU time of each load in a process of its own; medians of rounds that take turns.'],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
