import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

/** A file of the console as it was built. */
export interface ConsoleFile {
  readonly contentType: string;
  readonly plain: Uint8Array;
  readonly brotli: Uint8Array;
  /** A strong validator (RFC 9110 section 8.8.3), with its quotation marks. */
  readonly etag: string;
}

/** The files of the console; only those that the build made can be found. */
interface ConsoleFiles {
  readonly page: ConsoleFile;
  /** By name below `/assets/`. */
  readonly assets: ReadonlyMap<string, ConsoleFile>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/**
 * Reads the built console once and keeps it (some 200 KB), compressed as it lies there and plain
 * for who takes it no other way. A request names a file by a key of this map and never by a path,
 * so it can't reach anything else on the disk.
 */
export function createConsoleFiles(directory: string): () => Promise<ConsoleFiles> {
  let files: Promise<ConsoleFiles> | undefined;
  return () => {
    files ??= readFiles(directory).catch((error: unknown) => {
      files = undefined;
      throw error;
    });
    return files;
  };
}

async function readFiles(directory: string): Promise<ConsoleFiles> {
  const assets = join(directory, 'assets');
  const names = (await readdir(assets)).map((file) => file.replace(/\.br$/, ''));
  const entries = await Promise.all(
    names.map(async (name) => [name, await readBuilt(join(assets, name))] as const),
  );
  return { page: await readBuilt(join(directory, 'index.html')), assets: new Map(entries) };
}

async function readBuilt(path: string): Promise<ConsoleFile> {
  const brotli = await readFile(`${path}.br`);
  const plain = await promisify(brotliDecompress)(brotli);
  const extension = path.slice(path.lastIndexOf('.') + 1);
  return {
    contentType: CONTENT_TYPES[extension] ?? 'application/octet-stream',
    plain,
    brotli,
    etag: `"${createHash('sha256').update(plain).digest('base64url')}"`,
  };
}
