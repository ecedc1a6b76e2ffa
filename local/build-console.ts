import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

const ROOT = dirname(import.meta.dirname);

/**
 * Builds the operators' page into `<outdir>/console`: `index.html`, and below `assets/` the script
 * and the style sheet under names that hold a hash of their content. Each file lies there
 * compressed with Brotli, as `index.html.br`: nearly every browser takes it like that.
 */
export async function buildConsole(outdir: string): Promise<Metafile> {
  const target = join(outdir, 'console');
  const assets = join(target, 'assets');
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { console: 'console/main.tsx', style: 'console/style.css' },
    outdir: assets,
    entryNames: '[name]-[hash]',
    bundle: true,
    format: 'esm',
    target: ['es2022', 'safari17'],
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  await mkdir(target, { recursive: true });
  const names = (await readdir(assets)).toSorted();
  await writeFile(join(target, 'index.html'), await toPage(names));
  const files = [join(target, 'index.html'), ...names.map((name) => join(assets, name))];
  await Promise.all(files.map(compress));
  return metafile;
}

/** The page's template with the hashed names in it. */
async function toPage(names: readonly string[]): Promise<string> {
  const template = await readFile(join(ROOT, 'console/index.html'), 'utf8');
  const find = (pattern: RegExp) => {
    const name = names.find((candidate) => pattern.test(candidate));
    if (name === undefined) throw new Error(`The console's build made no ${pattern.source}.`);
    return `/assets/${basename(name)}`;
  };
  return template
    .replace('/assets/console.js', find(/^console-\w+\.js$/))
    .replace('/assets/style.css', find(/^style-\w+\.css$/));
}

async function compress(file: string): Promise<void> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const packed = await promisify(brotliCompress)(await readFile(file), { params });
  await writeFile(`${file}.br`, packed);
  await rm(file);
}
