/**
 * A body of one piece. The bytes beyond `length` are free, so that a link can become longer without
 * a copy of the whole.
 */
export interface WholeBody {
  readonly buffer: Buffer;
  readonly length: number;
}

/** Collects a body. */
interface BodyWriter {
  readonly size: () => number;
  readonly write: (chunk: Uint8Array) => void;
  readonly finish: () => WholeBody;
}

/** A link to the proxy is longer than the API's own by an address and a tenant's id. */
const ROOM_BYTES = 4096;

/**
 * Creates a writer. A body whose length is declared goes into its final place at once, and its
 * chunks are garbage meanwhile: of 20 MB there are never 40. Nobody writes more than was declared:
 * the parser of HTTP ends the body there.
 */
export function createBodyWriter(declaredBytes: number): BodyWriter {
  const place = declaredBytes > 0 ? allocate(declaredBytes) : undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  return {
    size: () => size,
    write: (chunk) => {
      if (place) place.set(chunk, size);
      else chunks.push(chunk);
      size += chunk.byteLength;
    },
    finish: () => (place ? { buffer: place, length: size } : joinPieces(chunks)),
  };
}

/** Puts pieces together, with room behind them. */
export function joinPieces(pieces: readonly Uint8Array[]): WholeBody {
  const length = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const buffer = allocate(length);
  let at = 0;
  for (const piece of pieces) {
    buffer.set(piece, at);
    at += piece.byteLength;
  }
  return { buffer, length };
}

/** The bytes of a body, without the room behind. */
export function toBytes({ buffer, length }: WholeBody): Uint8Array {
  return buffer.subarray(0, length);
}

/** Not from Node's pool: nobody else has a part of it. */
function allocate(length: number): Buffer {
  return Buffer.allocUnsafeSlow(length + ROOM_BYTES);
}
