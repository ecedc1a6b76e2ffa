import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Makes a folder equal to another one, which is used up. A file that is equal already is not
 * touched, and a new one appears whole: processes that run from the folder meanwhile read old files
 * or new ones, never half of one.
 */
export async function publishFolder(from: string, to: string): Promise<void> {
  const [fresh, old] = await Promise.all([listFiles(from), listFiles(to)]);
  for (const file of fresh) {
    if (await isSame(join(from, file), join(to, file))) continue;
    await mkdir(dirname(join(to, file)), { recursive: true });
    await rename(join(from, file), join(to, file));
  }
  const gone = old.filter((file) => !fresh.includes(file));
  await Promise.all(gone.map((file) => rm(join(to, file), { force: true })));
  await rm(from, { recursive: true, force: true });
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all([one, other].map((file) => read(file)));
  return left !== undefined && right !== undefined && left.equals(right);
}

async function read(file: string): Promise<Buffer | undefined> {
  return await readFile(file).catch(() => undefined);
}
