import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type RunResult, runProgram } from './compiler.ts';

/**
 * Where the sources are, which compiler to use, and where the Graph extension's types come from.
 */
interface BuildInput {
  readonly infra: string;
  readonly compiler: string;
  /**
   * A folder with the types' index.json; `undefined`: the extension of bicepconfig.json is fetched.
   */
  readonly graphTypes: string | undefined;
}

/** What the compiler makes of the sources. */
export interface BuildOutput {
  readonly build: RunResult;
  /** The compiled template; empty when there is none. */
  readonly template: string;
  /** Sources by their path below `infra`, as the formatter would write them. */
  readonly formatted: ReadonlyMap<string, string>;
}

const EXTENSION_FILE = 'graph-types.tgz';

/** Compiles and formats a copy of the sources, which stay as they are. */
export async function buildTemplate(input: BuildInput, paths: readonly string[]) {
  const copy = await mkdtemp(join(tmpdir(), 'bicep-'));
  try {
    await cp(input.infra, copy, { recursive: true });
    if (input.graphTypes !== undefined) await useLocalTypes(copy, input);
    return await compile(copy, input.compiler, paths);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Makes an extension of published types, and lets the copy's configuration name it. */
async function useLocalTypes(copy: string, { compiler, graphTypes = '' }: BuildInput) {
  const index = join(resolve(graphTypes), 'index.json');
  const target = join(copy, EXTENSION_FILE);
  const published = await runProgram(compiler, ['publish-extension', index, '--target', target]);
  if (published.failed) throw new Error(published.output);
  const path = join(copy, 'bicepconfig.json');
  const config = JSON.parse(await readFile(path, 'utf8'));
  config.extensions.microsoftGraphV1 = `./${EXTENSION_FILE}`;
  await writeFile(path, JSON.stringify(config));
}

async function compile(
  copy: string,
  compiler: string,
  paths: readonly string[],
): Promise<BuildOutput> {
  const outfile = join(copy, 'compiled.json');
  const build = await runProgram(compiler, [
    'build',
    join(copy, 'main.bicep'),
    '--outfile',
    outfile,
  ]);
  const format = await runProgram(compiler, ['format', '--pattern', `${copy}/**/*.bicep`]);
  if (format.failed) throw new Error(format.output);
  const texts = paths.map(
    async (path) => [path, await readFile(join(copy, path), 'utf8')] as const,
  );
  const template = await readFile(outfile, 'utf8').catch(() => '');
  return { build: hideCopy(build, copy), template, formatted: new Map(await Promise.all(texts)) };
}

/** Messages name files of the copy; a reader wants those of the repository. */
function hideCopy({ failed, output }: RunResult, copy: string): RunResult {
  return { failed, output: output.replaceAll(`${copy}/`, 'infra/').trim() };
}
