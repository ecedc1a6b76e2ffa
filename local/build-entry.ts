import { rm } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

const CHUNK = /^\.\/.+\.mjs$/;

/** The files that were split, by what the entry does with them. */
interface SplitFiles {
  /** What the entry loads at once, with the name under which it exports what a file exports. */
  readonly joined: ReadonlyMap<string, string>;
  /** All others. */
  readonly apart: readonly string[];
}

/**
 * Turns the ES modules of a folder into CommonJS beside them and removes them: what the entry loads
 * at once becomes a part of it, and what others share with it they take from there.
 */
export async function joinEntry(
  outdir: string,
  metafile: Metafile,
  form: BuildOptions,
): Promise<void> {
  const { joined, apart } = findFiles(metafile);
  const common = {
    ...form,
    bundle: true,
    absWorkingDir: outdir,
    outdir,
    outExtension: { '.js': '.cjs' },
    external: ['@azure/functions-core', '*.cjs'],
  } satisfies BuildOptions;
  await build({ ...common, entryPoints: [...apart], plugins: [takeFromEntry(joined)] });
  await build({
    ...common,
    stdin: { contents: toEntry(joined), resolveDir: outdir, sourcefile: 'entry.js' },
    entryNames: 'index',
    plugins: [keepApart(apart)],
  });
  const modules = ['index.mjs', ...joined.keys(), ...apart];
  await Promise.all(modules.map((file) => rm(join(outdir, file))));
}

function findFiles({ outputs }: Metafile): SplitFiles {
  const byName = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
  const joined = new Map<string, string>();
  const visit = (file: string) => {
    for (const { path, kind, external } of byName.get(file)?.imports ?? []) {
      const name = basename(path);
      if (kind !== 'import-statement' || external || joined.has(name)) continue;
      joined.set(name, `shared${joined.size}`);
      visit(name);
    }
  };
  visit('index.mjs');
  const others = [...byName.keys()].filter((file) => file !== 'index.mjs');
  return { joined, apart: others.filter((file) => !joined.has(file)) };
}

function toEntry(joined: SplitFiles['joined']): string {
  const shared = [...joined].map(([file, name]) => `export * as ${name} from './${file}';`);
  return ["import './index.mjs';", ...shared].join('\n');
}

/** Gets what is part of the entry from there, and leaves every other chunk to run time. */
function takeFromEntry(joined: SplitFiles['joined']): Plugin {
  return {
    name: 'take-from-entry',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: CHUNK }, ({ path, kind }) => {
        if (kind === 'entry-point') return undefined;
        const name = joined.get(basename(path));
        return name === undefined ? toExternal(path) : { path: name, namespace: 'entry' };
      });
      onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({
        contents: `module.exports = require('./index.cjs').${path};`,
      }));
    },
  };
}

/** Leaves the chunks to run time. */
function keepApart(apart: SplitFiles['apart']): Plugin {
  return {
    name: 'keep-apart',
    setup({ onResolve }) {
      onResolve({ filter: CHUNK }, ({ path, kind }) => {
        const isChunk = kind === 'dynamic-import' || apart.includes(basename(path));
        return isChunk ? toExternal(path) : undefined;
      });
    },
  };
}

function toExternal(path: string) {
  return { path: `./${parse(path).name}.cjs`, external: true };
}
