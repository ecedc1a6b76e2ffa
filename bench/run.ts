import { fork } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareDocument, type Run, writeDocument } from './report/document.ts';
import { conclude, type Finished, listRows } from './report/finished.ts';
import { describeMachine } from './report/machine.ts';
import type { SectionResult } from './report/row.ts';
import { chooseSections, SECTIONS, type SectionName } from './report/sections.ts';
import { toTable } from './report/table.ts';

const DOCUMENT = join(import.meta.dirname, '../docs/performance.md');
const RESULTS = join(import.meta.dirname, 'results');

/**
 * `npm run bench`: every section, or `-- --only <section>`; `--quick` for small sizes, `--full` for
 * large ones. With `--check` it ends with 1 when a row falls short of its bar or
 * docs/performance.md has other rows; a busy machine brings the first about, too. With `--write`
 * the document's tables become those of this run; sections that it left out stay.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const run = await runAll(
    chooseSections(values.only),
    (['quick', 'full'] as const).filter((flag) => values[flag]).map((flag) => `--${flag}`),
  );
  console.log(`\nWritten to ${await keep(run)}.`);
  const { lines, isBroken, isShort } = conclude(run.finished);
  for (const line of lines) console.log(line);
  if (values.write) await writeFile(DOCUMENT, writeDocument(await readFile(DOCUMENT, 'utf8'), run));
  const isOther = values.only === undefined && (await isOtherThanDocument(run));
  if (isBroken || (values.check && (isShort || isOther))) process.exitCode = 1;
}

async function runAll(names: readonly SectionName[], flags: readonly string[]): Promise<Run> {
  const startedAt = new Date();
  const machine = describeMachine();
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`);
  const finished: Finished[] = [];
  for (const name of names) {
    const section = await runSection(name, flags);
    finished.push(section);
    print(section);
  }
  return { startedAt, machine, flags, finished };
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

async function keep({ startedAt, machine, flags, finished }: Run): Promise<string> {
  const file = join(RESULTS, `${startedAt.toISOString()}.json`);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(file, JSON.stringify({ startedAt, machine, flags, sections: finished }, null, 2));
  return file;
}

/** Says which rows only the document has, or only the run. */
async function isOtherThanDocument({ finished }: Run): Promise<boolean> {
  const document = await readFile(DOCUMENT, 'utf8');
  const { handMade, missing } = compareDocument(document, listRows(finished));
  for (const name of handMade) console.log(`Only in docs/performance.md: ${name}`);
  for (const name of missing) console.log(`Not in docs/performance.md: ${name}`);
  return handMade.length + missing.length > 0;
}

await main();
