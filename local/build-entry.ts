import { rm } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

const CHUNK = /^\.\/.+\.mjs$/;

/** Where a file went that became a part of another one. */
interface Place {
  /** The file that it is a part of: `index`. */
  readonly owner: string;
  /** The name under which the owner exports what the file exports. */
  readonly name: string;
}

/** The files that were split. */
interface SplitFiles {
  /** What an owner loads at once is a part of it. */
  readonly joined: ReadonlyMap<string, Place>;
  /** All others. */
  readonly apart: readonly string[];
}

/**
 * Turns the ES modules of a folder into CommonJS beside them and removes them. What an owner loads
 * at once becomes a part of it, the first owner's first; others take it from there. Each owner has
 * to be loaded after those before it.
 */
export async function joinEntries(
  outdir: string,
  metafile: Metafile,
  { form, owners }: { form: BuildOptions; owners: readonly string[] },
): Promise<void> {
  const files = findFiles(metafile, owners);
  const common = {
    ...form,
    bundle: true,
    absWorkingDir: outdir,
    outdir,
    outExtension: { '.js': '.cjs' },
    external: ['@azure/functions-core', '*.cjs'],
  } satisfies BuildOptions;
  await build({ ...common, entryPoints: [...files.apart], plugins: [takeFrom(files)] });
  for (const owner of owners) {
    await build({
      ...common,
      stdin: { contents: toEntry(files, owner), resolveDir: outdir, sourcefile: `${owner}.js` },
      entryNames: owner,
      plugins: [takeFrom(files, owner)],
    });
  }
  const modules = [...owners.map(toModule), ...files.joined.keys(), ...files.apart];
  await Promise.all(modules.map((file) => rm(join(outdir, file))));
}

function findFiles({ outputs }: Metafile, owners: readonly string[]): SplitFiles {
  const byName = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
  const joined = new Map<string, Place>();
  const visit = (file: string, owner: string) => {
    for (const { path, kind, external } of byName.get(file)?.imports ?? []) {
      const name = basename(path);
      if (kind !== 'import-statement' || external || joined.has(name)) continue;
      joined.set(name, { owner, name: `shared${joined.size}` });
      visit(name, owner);
    }
  };
  for (const owner of owners) visit(toModule(owner), owner);
  const known = new Set([...joined.keys(), ...owners.map(toModule)]);
  return { joined, apart: [...byName.keys()].filter((file) => !known.has(file)) };
}

/** An owner exports what it exported before, and whole what became a part of it. */
function toEntry({ joined }: SplitFiles, owner: string): string {
  const parts = [...joined].filter(([, place]) => place.owner === owner);
  const shared = parts.map(([file, { name }]) => `export * as ${name} from './${file}';`);
  return [`export * from './${toModule(owner)}';`, ...shared].join('\n');
}

/**
 * Gets what is a part of another owner from there, bundles what is one of this owner's, and leaves
 * every other chunk to run time.
 */
function takeFrom({ joined, apart }: SplitFiles, owner?: string): Plugin {
  return {
    name: 'take-from',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: CHUNK }, ({ path, kind }) => {
        const file = basename(path);
        if (kind === 'entry-point') return undefined;
        if (kind === 'dynamic-import' || apart.includes(file)) return toExternal(path);
        const place = joined.get(file);
        if (place === undefined || place.owner === owner) return undefined;
        return { path: place.name, namespace: 'owner', pluginData: place };
      });
      onLoad({ filter: /.*/, namespace: 'owner' }, ({ pluginData }) => ({
        contents: `module.exports = require('./${pluginData.owner}.cjs').${pluginData.name};`,
      }));
    },
  };
}

function toModule(owner: string): string {
  return `${owner}.mjs`;
}

function toExternal(path: string) {
  return { path: `./${parse(path).name}.cjs`, external: true };
}
