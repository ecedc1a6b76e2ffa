/**
 * The bytes of a body up to a limit, which counts while they arrive; `undefined`: there are more,
 * and the rest is not read. `isAcceptable` may end the reading sooner: it sees each chunk with the
 * size so far.
 */
export async function readBounded(
  body: AsyncIterable<Uint8Array> | null | undefined,
  limitBytes: number,
  isAcceptable: (chunk: Uint8Array, size: number) => boolean = () => true,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest of the stream.
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > limitBytes || !isAcceptable(chunk, size)) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/**
 * Values in the smallest JSON that is taken, whatever it is: as many as a process holds without
 * feeling it.
 */
const MIN_VALUES = 1_000_000;

/**
 * An incident has a value in some 15 bytes or more; `{},{},{}` has one in three, and takes a
 * hundred times its size.
 */
const MIN_BYTES_PER_VALUE = 8;

const SEPARATORS: ReadonlySet<number> = new Set([...'[{,'].map((sign) => sign.charCodeAt(0)));

/**
 * Creates what ends the reading of JSON that is made of nothing but tiny values: parsing it would
 * take seconds.
 */
export function createDensityCheck(): (chunk: Uint8Array, size: number) => boolean {
  let values = 0;
  return (chunk, size) => {
    for (const byte of chunk) if (SEPARATORS.has(byte)) values++;
    return values <= MIN_VALUES + size / MIN_BYTES_PER_VALUE;
  };
}
