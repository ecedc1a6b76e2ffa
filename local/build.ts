import { readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin, stop } from 'esbuild';
import { buildConsole } from './build-console.ts';
import { publishFolder } from './publish-folder.ts';

/** What is built, as `package.json` says. */
const manifest: { readonly version: string } = createRequire(import.meta.url)('../package.json');

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
  { module: 'shared/azure/requests/sdk.ts', file: './azure-sdk.cjs' },
  { module: 'shared/entra/credential/pfx/read-pfx.ts', file: './read-pfx.cjs' },
  { module: 'shared/otel/otel.ts', file: './opentelemetry.cjs' },
  { module: 'shared/consent/page/pages.ts', file: './consent-pages.cjs' },
  { module: 'functions/mcp/mcp-server.ts', file: './mcp-server.cjs' },
  { module: 'functions/compose/hunting.ts', file: './hunting.cjs' },
];

/**
 * Read when somebody asks for it: in the entry it would be a fifth of what every cold start
 * compiles.
 */
const DESCRIPTION: Chunk = { module: 'docs/openapi.json', file: './openapi.json' };

/** Leaves the import of the chunks to run time: the entry loads without them. */
const lazyChunks: Plugin = {
  name: 'lazy-chunks',
  setup({ onResolve }) {
    onResolve({ filter: /\.(ts|json)$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const module = join(resolveDir, path);
      const later = [...CHUNKS, DESCRIPTION];
      const chunk = later.find((known) => join(ROOT, known.module) === module);
      return chunk && { path: chunk.file, external: true };
    });
  },
};

/**
 * What all files (and the benchmark's floor) have in common: what Azure Functions runs, small, with
 * source maps beside it.
 */
export const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  minify: true,
  define: { 'import.meta.dirname': '__dirname', BROKER_VERSION: JSON.stringify(manifest.version) },
  sourcemap: 'linked',
  sourcesContent: false,
  // Licences travel in third-party-notices.txt.
  legalComments: 'none',
  metafile: true,
  // The host provides the first; `debug` tries the second, which is here for tools only, and does
  // without.
  external: ['@azure/functions-core', 'supports-color'],
  logLevel: 'warning',
  // `require` finds a CommonJS chunk's names; `import()` would have to guess them from minified
  // code.
  supported: { 'dynamic-import': false },
} satisfies BuildOptions;

/**
 * Builds `dist/`: the entry that package.json `main` names, and the chunks.
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
  const metafiles = [entry.metafile];
  for (const chunk of CHUNKS) metafiles.push(await buildChunk(chunk, outdir));
  metafiles.push(await buildConsole(outdir));
  await copyDescription(outdir);
  return metafiles;
}

/** Node parses JSON itself, faster than JavaScript that says the same. */
async function copyDescription(outdir: string): Promise<void> {
  const text = await readFile(join(ROOT, DESCRIPTION.module), 'utf8');
  await writeFile(join(outdir, DESCRIPTION.file), JSON.stringify(JSON.parse(text)));
}

async function buildChunk({ module, file }: Chunk, outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    ...COMMON,
    absWorkingDir: ROOT,
    // The libraries compare constructors' names; keeping them costs a call per closure, so the hot
    // path goes without.
    keepNames: true,
    entryPoints: [join(ROOT, module)],
    outfile: join(outdir, file),
  });
  return metafile;
}

/**
 * Brings `dist/` up to date, also under the feet of a running sandbox, and ends the bundler's own
 * process.
 */
export async function buildApp(): Promise<void> {
  // As deep as `dist/`, since source maps name their sources relative to themselves.
  const staging = join(ROOT, `dist-${process.pid}`);
  await buildBundle(staging);
  await stop();
  await publishFolder(staging, join(ROOT, 'dist'));
}

if (import.meta.main) await buildApp();
