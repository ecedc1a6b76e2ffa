/** Enough for most answers. */
const FIRST_BYTES = 64 * 1024;

/**
 * Text that grows, in one piece of memory outside of V8's heap: texts of four megabytes in it would
 * let the heap grow with each page.
 */
interface PageText {
  /** Appends a text that has so many bytes. */
  append(text: string, bytes: number): void;
  countBytes(): number;
  toBytes(): Buffer;
}

/** Creates an empty text that usually has no more than so many bytes. */
export function createPageText(usualBytes: number): PageText {
  let memory: Buffer = Buffer.alloc(Math.min(FIRST_BYTES, usualBytes));
  let length = 0;
  return {
    append(text, bytes) {
      const needed = length + bytes;
      if (needed > memory.length) memory = copy(memory, Math.max(needed, usualBytes));
      length += memory.write(text, length);
    },
    countBytes: () => length,
    toBytes: () => memory.subarray(0, length),
  };
}

function copy(memory: Buffer, bytes: number): Buffer {
  const larger = Buffer.alloc(bytes);
  memory.copy(larger);
  return larger;
}
