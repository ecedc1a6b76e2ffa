import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';
import * as v from 'valibot';

/** A package of which some code is in the bundle. */
export interface DeployedPackage {
  /** Relative to the project, such as `node_modules/jose`. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, or what the package says instead. */
  readonly licence: string;
  /** Its licence and notice files as they are, `''` when it carries none. */
  readonly notice: string;
  readonly author: string | undefined;
  /** Folders of those deployed packages that it asks for. */
  readonly dependsOn: readonly string[];
}

const FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;
const NOTICE_FILE = /^(licen[cs]e|copying|notice)/i;

const manifestSchema = v.object({
  name: v.string(),
  version: v.string(),
  license: v.optional(v.string(), 'UNKNOWN'),
  author: v.optional(v.union([v.string(), v.object({ name: v.string() })])),
  dependencies: v.optional(v.record(v.string(), v.string()), {}),
});

/**
 * The packages whose code esbuild put into the files, by name: what was shaken out is not deployed.
 */
export async function readDeployedPackages(
  root: string,
  metafiles: readonly Metafile[],
): Promise<readonly DeployedPackage[]> {
  const inputs = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) => Object.entries(output.inputs)),
  );
  const used = inputs.flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? (FOLDER.exec(path) ?? []) : [],
  );
  const folders = new Set(used);
  const packages = await Promise.all([...folders].map((folder) => read(root, folder, folders)));
  return packages.toSorted((a, b) => a.folder.localeCompare(b.folder, 'en'));
}

async function read(
  root: string,
  folder: string,
  deployed: ReadonlySet<string>,
): Promise<DeployedPackage> {
  const text = await readFile(join(root, folder, 'package.json'), 'utf8');
  const { name, version, license, author, dependencies } = v.parse(
    manifestSchema,
    JSON.parse(text),
  );
  const files = (await readdir(join(root, folder))).filter((file) => NOTICE_FILE.test(file));
  const notices = await Promise.all(
    files.toSorted().map((file) => readFile(join(root, folder, file), 'utf8')),
  );
  return {
    folder,
    name,
    version,
    licence: license,
    notice: notices.map((notice) => notice.trim()).join('\n\n'),
    author: typeof author === 'object' ? author.name : author,
    dependsOn: Object.keys(dependencies).flatMap((wanted) => resolve(folder, wanted, deployed)),
  };
}

/** Where Node.js finds a dependency: in the nearest `node_modules` above. */
function resolve(from: string, wanted: string, deployed: ReadonlySet<string>): readonly string[] {
  for (let at = from; at !== '.'; at = dirname(at)) {
    const folder = join(at, 'node_modules', wanted);
    if (deployed.has(folder)) return [folder];
  }
  const top = join('node_modules', wanted);
  return deployed.has(top) ? [top] : [];
}
