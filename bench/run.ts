import { fork } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './report/machine.ts';
import { formatBar, formatFigure, formatRatio, isHeld, type SectionResult } from './report/row.ts';
import { toTable } from './report/table.ts';

const SECTIONS = {
  cached: 'A cached token in process',
  http: 'A cached token over HTTP',
  face: 'The OAuth endpoint',
  proxy: 'The proxy',
  policy: 'The policy',
  cold: 'Cold requests of four processes',
  bundle: 'Bundle and cold start',
  console: 'The console',
  'first-token': 'First token of a new process',
  memory: 'Memory of cached tokens',
  authority: 'Authenticated rows and the ledger',
  neighbours: 'Guards of the hot path, and other callers',
  refresh: 'Refresh sweep',
  feed: 'Feed of incident changes',
  incidents: 'Sync of incidents: calls',
  'incidents-fleet': 'Sync of incidents: many tenants',
  webhooks: 'Webhooks',
  hunting: 'Hunting',
  soak: 'Wrong tenant',
} as const;

type SectionName = keyof typeof SECTIONS;

/** A section as it is kept; `error` when it broke down. */
interface Finished {
  readonly name: SectionName;
  readonly seconds: number;
  readonly result?: SectionResult;
  readonly error?: string;
}

/**
 * `npm run bench`: every section, or `-- --only <section>`; `--quick` for small sizes, `--full` for
 * large ones; with `--check` it ends with 1 when a row falls short of its bar, which a busy machine
 * brings about, too.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  });
  const startedAt = new Date();
  const machine = describeMachine();
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`);
  const flags = [...(values.quick ? ['--quick'] : []), ...(values.full ? ['--full'] : [])];
  const finished: Finished[] = [];
  for (const name of chooseSections(values.only)) {
    const section = await runSection(name, flags);
    finished.push(section);
    print(section);
  }
  const file = join(import.meta.dirname, 'results', `${startedAt.toISOString()}.json`);
  await mkdir(join(import.meta.dirname, 'results'), { recursive: true });
  await writeFile(file, JSON.stringify({ startedAt, machine, flags, sections: finished }, null, 2));
  const isShort = conclude(finished, file);
  if (values.check && isShort) process.exitCode = 1;
}

function chooseSections(only: string | undefined): readonly SectionName[] {
  const names = Object.keys(SECTIONS) as SectionName[];
  const chosen = names.filter((name) => only === undefined || name === only);
  if (chosen.length > 0) return chosen;
  throw new Error(`There is no section ${only}. The sections are ${names.join(', ')}.`);
}

/** Each section has a process of its own, so that no heap or event loop is shared. */
async function runSection(name: SectionName, flags: readonly string[]): Promise<Finished> {
  const startedAt = performance.now();
  const file = join(import.meta.dirname, 'sections', `${name}.ts`);
  const child = fork(file, flags, { execArgv: ['--expose-gc'] });
  const { promise, resolve } = Promise.withResolvers<Pick<Finished, 'result' | 'error'>>();
  // Only sections of this folder send here, and what they send is of this type.
  child.once('message', (result) => resolve({ result: result as SectionResult }));
  child.once('exit', (code) => resolve({ error: `It ended with code ${code}.` }));
  const outcome = await promise;
  return { name, seconds: Math.round((performance.now() - startedAt) / 1000), ...outcome };
}

function print({ name, seconds, result, error }: Finished): void {
  console.log(`\n## ${SECTIONS[name]} (${name}, ${seconds} s)\n`);
  if (result) console.log(toTable(result.rows));
  for (const note of result?.notes ?? []) console.log(`  ${note}`);
  if (error) console.log(error);
}

/** Answers whether a row falls short of its bar. */
function conclude(finished: readonly Finished[], file: string): boolean {
  const rows = finished.flatMap(({ result }) => result?.rows ?? []);
  const missed = rows.filter((row) => isHeld(row) === false);
  const broken = finished.filter(({ error }) => error !== undefined);
  const judged = rows.filter(({ bar }) => bar !== undefined);
  console.log(`\nWritten to ${file}.`);
  for (const { name, error } of broken) console.log(`Section ${name} broke down: ${error}`);
  if (missed.length === 0) console.log(`All ${judged.length} bars hold.`);
  else console.log(`${missed.length} of ${judged.length} bars do not hold:`);
  for (const row of missed) {
    const { measured, ratio = Number.NaN, bar } = row;
    const is = bar?.of === 'ratio' ? formatRatio(ratio) : formatFigure(measured);
    console.log(`  ${row.what}: ${is} instead of ${formatBar(row)}`);
  }
  if (broken.length > 0) process.exitCode = 1;
  return missed.length > 0;
}

await main();
