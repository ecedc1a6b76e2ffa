import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildBundle } from './build.ts';
import { readDeployedPackages } from './supply/deployed-packages.ts';
import { toNotices } from './supply/licences.ts';

const ROOT = dirname(import.meta.dirname);

/** Builds the folder that is deployed: the bundle with its maps and notices, host.json, and a package.json that needs nothing. */
export async function buildPackage(outdir = join(ROOT, 'deploy')): Promise<void> {
  const packages = await readDeployedPackages(ROOT, await buildBundle(outdir));
  await writeFile(join(outdir, 'third-party-notices.txt'), toNotices(packages));
  await cp(join(ROOT, 'host.json'), join(outdir, 'host.json'));
  const { name, version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  // The platform resolves `main` from the package's root; the bundle has no dependencies to install.
  const manifest = { name, version, private: true, main: 'index.cjs' };
  await writeFile(join(outdir, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

if (import.meta.main) await buildPackage();
