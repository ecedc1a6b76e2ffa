import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';
import * as v from 'valibot';
import { buildBundle } from '../build.ts';
import { type DeployedPackage, readDeployedPackages } from './deployed-packages.ts';

const ROOT = dirname(dirname(import.meta.dirname));

const manifestSchema = v.object({ name: v.string(), version: v.string(), license: v.string() });
const lockSchema = v.object({
  packages: v.record(v.string(), v.object({ integrity: v.optional(v.string()) })),
});

/**
 * The bill of materials of the bundle: CycloneDX 1.6, only packages with code in it, each with the
 * hash of its archive. It holds no time and no serial number: the same sources make the same file.
 */
export async function createSbom(metafiles: readonly Metafile[]) {
  const packages = await readDeployedPackages(ROOT, metafiles);
  const { name, version, license } = v.parse(manifestSchema, await readJson('package.json'));
  const { packages: locked } = v.parse(lockSchema, await readJson('package-lock.json'));
  const refs = new Map(packages.map((found) => [found.folder, toPurl(found)]));
  // The same version may lie in several folders, and is one component.
  const distinct = [...new Map(packages.map((found) => [toPurl(found), found])).values()];
  const app = { ref: `${name}@${version}`, dependsOn: [...new Set(refs.values())] };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      component: { type: 'application', 'bom-ref': app.ref, name, version, ...toLicences(license) },
    },
    components: distinct.map((found) => toComponent(found, locked[found.folder]?.integrity)),
    dependencies: [
      app,
      ...distinct.map((found) => ({
        ref: toPurl(found),
        dependsOn: [...new Set(found.dependsOn.flatMap((folder) => refs.get(folder) ?? []))],
      })),
    ],
  };
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(ROOT, file), 'utf8'));
}

/** The package URL: https://github.com/package-url/purl-spec, type `npm`. */
function toPurl({ name, version }: DeployedPackage): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function toComponent(found: DeployedPackage, integrity: string | undefined) {
  const { name, version, licence } = found;
  const purl = toPurl(found);
  const content = Buffer.from(integrity?.replace('sha512-', '') ?? '', 'base64').toString('hex');
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    scope: 'required',
    hashes: [{ alg: 'SHA-512', content }],
    ...toLicences(licence),
    purl,
  };
}

function toLicences(id: string) {
  return { licenses: [{ license: { id } }] };
}

if (import.meta.main) {
  const text = `${JSON.stringify(await createSbom(await buildBundle()), undefined, 2)}\n`;
  await writeFile(join(ROOT, 'sbom.cdx.json'), text);
}
