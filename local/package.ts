import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { buildBundle } from './build.ts';
import { readDeployedPackages } from './supply/deployed-packages.ts';
import { toNotices } from './supply/licences.ts';

const ROOT = dirname(import.meta.dirname);

/**
 * Zip files have no zone: the same sources make the same file wherever they are packed, so the time
 * is a constant.
 */
const MODIFIED_AT = new Date(2026, 0, 1);

/**
 * Builds the folder that is deployed: the bundle with its maps and notices, host.json, and a
 * package.json that needs nothing.
 */
export async function buildPackage(outdir = join(ROOT, 'deploy')): Promise<void> {
  const packages = await readDeployedPackages(ROOT, await buildBundle(outdir));
  await writeFile(join(outdir, 'third-party-notices.txt'), toNotices(packages));
  await cp(join(ROOT, 'host.json'), join(outdir, 'host.json'));
  const { name, version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  // The platform resolves `main` from the package's root; the bundle has no dependencies to
  // install.
  const manifest = { name, version, private: true, main: 'index.cjs' };
  await writeFile(join(outdir, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** The folder as the zip file that the platform takes. */
async function zipPackage(folder: string): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
  const files = paths.map(async (path) => {
    const content = new Uint8Array(await readFile(join(folder, path)));
    return [path.replaceAll('\\', '/'), content] as const;
  });
  return zipSync(Object.fromEntries(await Promise.all(files)), { level: 9, mtime: MODIFIED_AT });
}

if (import.meta.main) {
  await buildPackage();
  await writeFile(join(ROOT, 'deploy.zip'), await zipPackage(join(ROOT, 'deploy')));
}
