import { readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, parse } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { type BuildOptions, build, type Metafile, type Plugin, stop } from 'esbuild';
import { REGISTRATIONS } from '../functions/registrations.ts';
import { buildConsole } from './build-console.ts';
import { joinEntries } from './build-entry.ts';
import { publishFolder } from './publish-folder.ts';

/** What is built, as `package.json` says. */
const manifest: { readonly version: string } = createRequire(import.meta.url)('../package.json');

const ROOT = dirname(import.meta.dirname);

/** A file that is loaded by the first call that needs it. */
interface Chunk {
  /** The module that the product imports dynamically. */
  readonly module: string;
  /** What it becomes, beside the entry. */
  readonly file: string;
}

/** What the entry leaves out: it only registers. A first token waits for `core` and `sdk`. */
const CHUNKS = {
  /** Ours share what several of them need. */
  own: [
    { module: 'functions/core.ts', file: './core.cjs' },
    { module: 'functions/deferred.ts', file: './deferred.cjs' },
    { module: 'functions/compose/hunting.ts', file: './hunting.cjs' },
    { module: 'functions/mcp/mcp-server.ts', file: './mcp-server.cjs' },
    { module: 'shared/consent/page/pages.ts', file: './consent-pages.cjs' },
  ],
  /** The Azure SDKs, which share their pipeline. */
  azure: [
    { module: 'shared/azure/requests/sdk.ts', file: './azure-sdk.cjs' },
    { module: 'shared/azure/requests/storage-sdk.ts', file: './azure-storage.cjs' },
    { module: 'shared/azure/requests/identity-sdk.ts', file: './azure-identity.cjs' },
  ],
  /** Libraries, which share nothing with anybody. */
  libraries: [
    { module: 'shared/entra/credential/pfx/read-pfx.ts', file: './read-pfx.cjs' },
    { module: 'shared/otel/otel.ts', file: './opentelemetry.cjs' },
  ],
} as const satisfies Readonly<Record<string, readonly Chunk[]>>;

/** Leaves the import of the libraries to run time. */
const laterLibraries: Plugin = {
  name: 'later-libraries',
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const module = join(resolveDir, path);
      const libraries = [...CHUNKS.azure, ...CHUNKS.libraries];
      const chunk = libraries.find((known) => join(ROOT, known.module) === module);
      return chunk && { path: chunk.file, external: true };
    });
  },
};

/** Puts the functions' names and routes in the place of the module that lists their code. */
const registrations: Plugin = {
  name: 'registrations',
  setup({ onLoad }) {
    onLoad({ filter: /functions\/registrations\.ts$/ }, () => ({
      contents: `export const REGISTRATIONS = ${JSON.stringify(REGISTRATIONS)};`,
    }));
  },
};

/**
 * A checksum that only uploads of blobs by an SDK that we don't use would need: 85 KB that look as
 * if loading them had an effect.
 */
const unusedChecksum: Plugin = {
  name: 'unused-checksum',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/crc64\.js$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      sideEffects: false,
    }));
  },
};

/** What Azure Functions runs, small, with source maps beside it. */
const FORM = {
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  // Licences travel in third-party-notices.txt.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

/** What all bundles (and the benchmark's floor) have in common. */
export const COMMON = {
  ...FORM,
  bundle: true,
  define: { 'import.meta.dirname': '__dirname', BROKER_VERSION: JSON.stringify(manifest.version) },
  // Ours check nothing by JSON Schema: the smaller of MCP's two validators will do.
  alias: {
    '@modelcontextprotocol/server/_shims': join(
      ROOT,
      'node_modules/@modelcontextprotocol/server/dist/shimsBrowser.mjs',
    ),
  },
  // The host provides the first; `debug` tries the second, which is here for tools only, and does
  // without.
  external: ['@azure/functions-core', 'supports-color'],
} satisfies BuildOptions;

/** `require` finds a CommonJS chunk's names; `import()` would have to guess them. */
const REQUIRE_CHUNKS = { 'dynamic-import': false };

/**
 * Builds `dist/`: the entry that package.json `main` names, and the chunks.
 * Answers what is in them, with paths relative to the project.
 */
export async function buildBundle(outdir = join(ROOT, 'dist')): Promise<readonly Metafile[]> {
  await rm(outdir, { recursive: true, force: true });
  const metafiles = [await buildOwn(outdir), await buildAzure(outdir)];
  for (const chunk of CHUNKS.libraries) metafiles.push(await buildLibrary(chunk, outdir));
  metafiles.push(await buildConsole(outdir));
  await packDescription(outdir);
  return metafiles;
}

/**
 * Only ES modules are split; the worker loads CommonJS faster, so they are turned into that. What
 * the entry and the core share with the chunks is part of their files: one file loads faster than
 * ten.
 */
async function buildOwn(outdir: string): Promise<Metafile> {
  const own = [{ module: 'functions/index.ts', file: './index.cjs' }, ...CHUNKS.own];
  const { metafile } = await build({
    ...COMMON,
    absWorkingDir: ROOT,
    entryPoints: own.map(({ module, file }) => ({ in: module, out: parse(file).name })),
    outdir,
    format: 'esm',
    splitting: true,
    chunkNames: 'shared-[hash]',
    outExtension: { '.js': '.mjs' },
    sourcemap: 'inline',
    plugins: [laterLibraries, registrations],
  });
  await joinEntries(outdir, metafile, {
    form: { ...FORM, supported: REQUIRE_CHUNKS },
    owners: ['index', 'core'],
  });
  return metafile;
}

/**
 * They compare constructors' names; keeping them costs a call per closure, so the hot path goes
 * without.
 */
const LIBRARY = {
  ...COMMON,
  absWorkingDir: ROOT,
  keepNames: true,
  define: { ...COMMON.define, 'import.meta.url': 'undefined' },
  plugins: [unusedChecksum],
} satisfies BuildOptions;

async function buildAzure(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    ...LIBRARY,
    entryPoints: CHUNKS.azure.map(({ module, file }) => ({ in: module, out: parse(file).name })),
    outdir,
    format: 'esm',
    splitting: true,
    chunkNames: 'azure-[hash]',
    outExtension: { '.js': '.cjs' },
    sourcemap: 'inline',
  });
  await build({
    ...FORM,
    entryPoints: Object.keys(metafile.outputs).map((output) => join(ROOT, output)),
    outdir,
    allowOverwrite: true,
    loader: { '.cjs': 'js' },
    outExtension: { '.js': '.cjs' },
    supported: REQUIRE_CHUNKS,
  });
  return metafile;
}

async function buildLibrary({ module, file }: Chunk, outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    ...LIBRARY,
    entryPoints: [join(ROOT, module)],
    outfile: join(outdir, file),
    supported: REQUIRE_CHUNKS,
  });
  return metafile;
}

/** Compressed, it is a sixteenth of its size; who asks for it is answered the text. */
async function packDescription(outdir: string): Promise<void> {
  const text = await readFile(join(ROOT, 'docs/openapi.json'), 'utf8');
  const compact = JSON.stringify(JSON.parse(text));
  await writeFile(join(outdir, 'openapi.json.br'), brotliCompressSync(compact));
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
