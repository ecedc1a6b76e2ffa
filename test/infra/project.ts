import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of the repository. */
export const ROOT = join(import.meta.dirname, '../..');

/** A file of the repository as text. */
export async function readText(path: string): Promise<string> {
  return await readFile(join(ROOT, path), 'utf8');
}

/** A JSON file of the repository. */
export async function readJson(path: string) {
  return JSON.parse(await readText(path));
}

/** Paths below the repository that match, in order. */
export async function findPaths(pattern: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const path of glob(pattern, { cwd: ROOT })) paths.push(path);
  return paths.toSorted();
}
