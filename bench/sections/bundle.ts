import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
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
const CORE = join(DIST, 'core.cjs');
const SDK = join(DIST, 'azure-sdk.cjs');
const OTEL = join(DIST, 'opentelemetry.cjs');
const DEFERRED = join(DIST, 'deferred.cjs');

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
  const files = { entry: ENTRY, core: CORE, floor, sdk: SDK, otel: OTEL, deferred: DEFERRED };
  const rounds = new Map(
    Object.entries(files).map(([name, file]) => [name, () => timeLoad(file)] as const),
  );
  const medians = await measureInTurn(rounds, count);
  return (name: keyof typeof files) => ({ value: medians.get(name) ?? Number.NaN, unit: 'ms' });
}

/** What Node loads with a file: itself and what it requires at once, in MB. */
async function sumLoaded(file: string, seen = new Set<string>()): Promise<number> {
  if (seen.has(file)) return 0;
  seen.add(file);
  const text = await readFile(file, 'utf8');
  // What is loaded later is required in a callback: `.then(()=>…require("./azure-sdk.cjs"))`.
  const required = [...text.matchAll(/(?<!=>[^;]{0,40})require\("(\.\/[^"]+)"\)/g)];
  const sizes = required.map(([, path = '']) => sumLoaded(join(DIST, path), seen));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, text.length / 1e6);
}

async function measureSizes(floor: string) {
  const toFigure = (value: number) => ({ value, unit: 'MB' });
  return {
    core: toFigure((await sumLoaded(ENTRY)) + (await sumLoaded(CORE))),
    floor: toFigure((await stat(floor)).size / 1e6),
    whole: toFigure(await sumSizes(DIST)),
  };
}

/** Every file that is deployed, also for browsers, but maps. */
async function sumSizes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.map'));
  const sizes = await Promise.all(
    files.map(({ parentPath, name }) => stat(join(parentPath, name))),
  );
  return sizes.reduce((sum, { size }) => sum + size / 1e6, 0);
}

const FLOOR = 'only @azure/functions and jose';

async function measure(floor: string, count: number): Promise<readonly Row[]> {
  const sizes = await measureSizes(floor);
  return [
    {
      what: 'dist/, all files without maps',
      measured: sizes.whole,
      against: { name: FLOOR, ...sizes.floor },
      bar: { of: 'measured', is: 'at most', limit: 2.2 },
    },
    {
      what: 'dist/index.cjs and dist/core.cjs, with what they load at once',
      measured: sizes.core,
      against: { name: FLOOR, ...sizes.floor },
      bar: { of: 'measured', is: 'at most', limit: 0.4 },
    },
    ...toLoadRows(await measureLoads(floor, count)),
  ];
}

function toLoadRows(load: Awaited<ReturnType<typeof measureLoads>>): readonly Row[] {
  const row = (what: string, name: Parameters<typeof load>[0]): Row => ({
    what,
    measured: load(name),
    against: { name: FLOOR, ...load('floor') },
    ratio: load(name).value / load('floor').value,
  });
  return [
    {
      ...row('load of the entry in a new process', 'entry'),
      limit: 'The floor registers six functions, the entry all of them.',
      bar: { of: 'ratio', is: 'at most', limit: 1.7 },
    },
    row('load of the entry and the core, which a token takes', 'core'),
    row('load of the Azure SDKs, while the host starts', 'sdk'),
    row('load of the entry and all other functions', 'deferred'),
    row('load of OpenTelemetry, when it is on', 'otel'),
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
