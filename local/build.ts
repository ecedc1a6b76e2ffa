import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

const ROOT = dirname(import.meta.dirname);

/** The chunk of the Azure SDKs, beside the entry; CommonJS has no splitting, so it is a build of its own. */
const SDK_CHUNK = './azure-sdk.cjs';

/** The chunk of OpenTelemetry; nobody loads it while it is off. */
const OTEL_CHUNK = './opentelemetry.cjs';

const CHUNKS = new Map([
  ['sdk.ts', SDK_CHUNK],
  ['otel.ts', OTEL_CHUNK],
]);

/** Leaves the import of the chunks to run time: the entry loads without them. */
const lazyChunks: Plugin = {
  name: 'lazy-chunks',
  setup({ onResolve }) {
    onResolve({ filter: /\/(sdk|otel)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import'
        ? { path: CHUNKS.get(basename(path)) ?? path, external: true }
        : undefined,
    );
  },
};

/** What both files (and the benchmark's floor) have in common: what Azure Functions runs, small, with source maps beside it. */
export const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  // Licences travel in third-party-notices.txt.
  legalComments: 'none',
  metafile: true,
  // The host provides the first; `debug` tries the second, which is here for tools only, and does without.
  external: ['@azure/functions-core', 'supports-color'],
  logLevel: 'warning',
  // `require` finds a CommonJS chunk's names; `import()` would have to guess them from minified code.
  supported: { 'dynamic-import': false },
} satisfies BuildOptions;

/**
 * Builds `dist/`: the entry that package.json `main` names, and the chunks of the Azure SDKs and of OpenTelemetry.
 * Answers what is in them, with paths relative to the project.
 */
export async function buildBundle(outdir = join(ROOT, 'dist')): Promise<readonly Metafile[]> {
  await rm(outdir, { recursive: true, force: true });
  const entry = await build({
    ...COMMON,
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, 'functions/index.ts')],
    outfile: join(outdir, 'index.cjs'),
    plugins: [lazyChunks],
  });
  const sdk = await build({
    ...COMMON,
    absWorkingDir: ROOT,
    // The SDKs compare constructors' names; keeping them costs a call per closure, so the hot path goes without.
    keepNames: true,
    entryPoints: [join(ROOT, 'shared/azure/sdk.ts')],
    outfile: join(outdir, SDK_CHUNK),
  });
  const otel = await build({
    ...COMMON,
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, 'shared/otel/otel.ts')],
    outfile: join(outdir, OTEL_CHUNK),
  });
  return [entry.metafile, sdk.metafile, otel.metafile];
}

if (import.meta.main) await buildBundle();
