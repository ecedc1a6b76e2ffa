import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const ROOT = dirname(import.meta.dirname);

/** A file that is loaded by the first request that needs it. */
interface Chunk {
  /** The module that the product imports dynamically. */
  readonly module: string;
  /** What it becomes, beside the entry. */
  readonly file: string;
}

/** CommonJS has no splitting, so each chunk is a build of its own. */
const CHUNKS: readonly Chunk[] = [
  { module: 'shared/azure/sdk.ts', file: './azure-sdk.cjs' },
  { module: 'shared/entra/credential/pfx/read-pfx.ts', file: './read-pfx.cjs' },
];

/** Leaves the import of the chunks to run time: the entry loads without them. */
const lazyChunks: Plugin = {
  name: 'lazy-chunks',
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const module = join(resolveDir, path);
      const chunk = CHUNKS.find((known) => join(ROOT, known.module) === module);
      return chunk && { path: chunk.file, external: true };
    });
  },
};

/** What all files (and the benchmark's floor) have in common: what Azure Functions runs, small, with source maps beside it. */
export const COMMON: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  external: ['@azure/functions-core'],
  logLevel: 'warning',
  // `require` finds a CommonJS chunk's names; `import()` would have to guess them from minified code.
  supported: { 'dynamic-import': false },
};

/** Builds `dist/`: the entry that package.json `main` names, and the chunks. */
export async function buildBundle(outdir = join(ROOT, 'dist')): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  await build({
    ...COMMON,
    entryPoints: [join(ROOT, 'functions/index.ts')],
    outfile: join(outdir, 'index.cjs'),
    plugins: [lazyChunks],
  });
  for (const { module, file } of CHUNKS) {
    await build({
      ...COMMON,
      // The libraries compare constructors' names; keeping them costs a call per closure, so the hot path goes without.
      keepNames: true,
      entryPoints: [join(ROOT, module)],
      outfile: join(outdir, file),
    });
  }
}

if (import.meta.main) await buildBundle();
