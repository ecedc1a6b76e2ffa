import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BuildOutput, buildTemplate } from './build.ts';
import { findInstalledCompiler, findPinnedCompiler, restoreCompiler } from './compiler.ts';

const INFRA = join(import.meta.dirname, '../../infra');
const TEMPLATE = join(INFRA, 'main.json');

/** How the process ends when infra/ could not be compiled here, which says nothing about infra/. */
const UNAVAILABLE = 3;

/**
 * Sentences about what is wrong with the sources or with the committed template; none: all is well.
 */
export function findProblems(
  { build, template, formatted }: BuildOutput,
  committed: { readonly sources: ReadonlyMap<string, string>; readonly template: string },
): readonly string[] {
  // The compiler is silent about sources that it likes.
  if (build.output !== '') return build.output.split('\n');
  if (build.failed) return ['The compiler failed, and did not say why.'];
  const unformatted = [...formatted].filter(([path, text]) => committed.sources.get(path) !== text);
  const problems = unformatted.map(
    ([path]) => `infra/${path} is not formatted as bicep format does.`,
  );
  const isStale = toComparable(committed.template) !== toComparable(template);
  return isStale ? [...problems, 'infra/main.json is stale: npm run bicep -- --write'] : problems;
}

/** The template without the marks that another version of the compiler writes differently. */
function toComparable(template: string): string {
  if (template === '') return '';
  return JSON.stringify(JSON.parse(template), (key, value) =>
    key === '_generator' ? undefined : value,
  );
}

/**
 * The compiler that the options ask for: fetched, if it has to be the pinned one or there is no
 * other.
 */
async function takeCompiler(pinned: boolean): Promise<string> {
  const installed = pinned ? undefined : await findInstalledCompiler();
  if (installed !== undefined) return installed;
  const { failed, output } = await restoreCompiler();
  const compiler = failed ? undefined : await findPinnedCompiler();
  if (compiler === undefined) {
    console.error(`There is no Bicep compiler here, and NuGet gave none.\n${output.trim()}`);
    process.exit(UNAVAILABLE);
  }
  return compiler;
}

async function readSources(): Promise<ReadonlyMap<string, string>> {
  const sources = new Map<string, string>();
  for await (const path of glob('**/*.bicep', { cwd: INFRA }))
    sources.set(path, await readFile(join(INFRA, path), 'utf8'));
  return sources;
}

/** A problem of the network, not of the sources: the Graph extension did not come. */
function isUnreachable({ build }: BuildOutput): boolean {
  return build.failed && /BCP192|Unable to restore the artifact/.test(build.output);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pinned: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      'graph-types': { type: 'string' },
    },
  });
  const compiler = await takeCompiler(values.pinned);
  const sources = await readSources();
  const output = await buildTemplate(
    { infra: INFRA, compiler, graphTypes: values['graph-types'] },
    [...sources.keys()],
  );
  if (isUnreachable(output)) {
    console.error(
      `The types of the Graph extension can't be fetched here.\n${output.build.output}`,
    );
    process.exit(UNAVAILABLE);
  }
  if (values.write && !output.build.failed) await write(output);
  const template = await readFile(TEMPLATE, 'utf8').catch(() => '');
  const problems = findProblems(output, {
    sources: values.write ? output.formatted : sources,
    template,
  });
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
  console.log(`infra/ compiles without a word, and infra/main.json is fresh (${compiler}).`);
}

async function write({ formatted, template }: BuildOutput): Promise<void> {
  for (const [path, text] of formatted) await writeFile(join(INFRA, path), text);
  await writeFile(TEMPLATE, template);
}

if (import.meta.main) await main();
