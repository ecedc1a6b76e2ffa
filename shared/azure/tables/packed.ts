import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { ReadRow } from './row.ts';
import { MAX_BINARY_BYTES } from './row-limits.ts';

/** JSON shrinks to a fifth or less at a quality that still runs at 100 MB/s. */
const OPTIONS = {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 4,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  },
};

/** A text as compressed bytes, made beside the event loop. */
export async function pack(text: string): Promise<Buffer> {
  return await promisify(brotliCompress)(text, OPTIONS);
}

/** A short text as compressed bytes. */
export function packAtOnce(text: string): Buffer {
  return brotliCompressSync(text, OPTIONS);
}

/** More than any row unpacks to. */
const MAX_ROW_BYTES = 8 * 1024 * 1024;

/**
 * The text that was packed; throws when the bytes are not whole, or as soon as they hold more than
 * `maxBytes`.
 */
export function unpack(bytes: Uint8Array, maxBytes = MAX_ROW_BYTES): string {
  return brotliDecompressSync(bytes, { maxOutputLength: maxBytes }).toString();
}

/** The properties that hold a column's bytes: `raw0`, `raw1` and so on. */
export function toParts(column: string, bytes: Buffer): Record<string, Buffer> {
  const count = Math.ceil(bytes.length / MAX_BINARY_BYTES);
  const parts = Array.from({ length: count }, (_, index) => {
    const start = index * MAX_BINARY_BYTES;
    return [`${column}${index}`, bytes.subarray(start, start + MAX_BINARY_BYTES)];
  });
  return Object.fromEntries(parts);
}

/** The bytes that `toParts` spread; `undefined` when the row has none. */
export function joinParts(column: string, row: ReadRow): Buffer | undefined {
  const parts: Uint8Array[] = [];
  for (;;) {
    const part = row[`${column}${parts.length}`];
    if (!(part instanceof Uint8Array)) break;
    parts.push(part);
  }
  return parts.length === 0 ? undefined : Buffer.concat(parts);
}
