import { createGunzip } from 'node:zlib';
import { createTooLargeError } from './blob-damage.ts';

/** A row may be larger than a blob usually is; what grows beyond this was not written here. */
export const MAX_UNPACKED_BYTES = 96 * 1024 * 1024;

/**
 * Bytes that are unpacked at a time: what becomes of them is garbage before the next ones come, and
 * V8 collects it without growing.
 */
const PIECE_BYTES = 64 * 1024;

/** The lines of compressed text, some at a time; each ends with a line break. */
export async function* unpackRows(content: Uint8Array): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let begun = '';
  for await (const piece of unpack(content)) {
    const text = decoder.decode(piece, { stream: true });
    const end = text.lastIndexOf('\n');
    if (end === -1) {
      begun += text;
      continue;
    }
    yield (begun + text.slice(0, end)).split('\n');
    begun = text.slice(end + 1);
  }
}

async function* unpack(content: Uint8Array): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  gunzip.end(content);
  let bytes = 0;
  for await (const piece of gunzip) {
    bytes += piece.length;
    if (bytes > MAX_UNPACKED_BYTES) throw createTooLargeError();
    yield piece;
  }
}
