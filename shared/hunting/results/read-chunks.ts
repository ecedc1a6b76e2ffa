import type { ResultPart } from '../hunt.ts';
import type { HuntStore } from '../hunt-store.ts';
import type { ResultStore } from '../result-store.ts';
import type { ResultPosition } from './cursor.ts';

/** Rows of one blob that follow each other. */
export interface StoredRows {
  readonly part: ResultPart;
  readonly chunk: number;
  /** The place of the first of the rows in the blob. */
  readonly row: number;
  readonly rows: readonly string[];
}

/** Parts that are read from the table at once. */
const PARTS_PAGE = 100;

/**
 * Blobs that are fetched before they are needed: a page of small parts waits for none by itself.
 */
const AHEAD = 6;

interface Parts {
  readonly hunts: Pick<HuntStore, 'listParts'>;
  readonly results: Pick<ResultStore, 'readChunk'>;
  readonly mayRead: (part: ResultPart) => Promise<boolean>;
}

/** What is read: from a position up to a part, which is the last whose columns are known. */
interface ChunkQuery {
  readonly huntId: string;
  readonly from: ResultPosition;
  readonly upTo: number;
}

/** Rows of a blob that are read: from one up to another. */
interface Place {
  readonly part: ResultPart;
  readonly chunk: number;
  readonly from: number;
  readonly to: number;
}

interface Fetched {
  readonly place: Place;
  readonly blob: ReturnType<ResultStore['readChunk']>;
}

/** The stored rows of a hunt, in order; blobs are fetched some ahead, and unpacked one by one. */
export async function* readChunks(parts: Parts, query: ChunkQuery): AsyncGenerator<StoredRows> {
  const waiting: Fetched[] = [];
  const places = listPlaces(parts, query);
  for (;;) {
    while (waiting.length < AHEAD) {
      const { value: place } = await places.next();
      if (!place) break;
      const blob = parts.results.readChunk(place.part.blob, place.chunk);
      // Who leaves the loop awaits it no more.
      blob.catch(() => undefined);
      waiting.push({ place, blob });
    }
    const next = waiting.shift();
    if (!next) return;
    yield* readPlace(next);
  }
}

/** Without a blob, its customer is gone. */
async function* readPlace({ place, blob }: Fetched): AsyncGenerator<StoredRows> {
  const { part, chunk, from, to } = place;
  let at = 0;
  for await (const stored of (await blob) ?? []) {
    const first = Math.max(0, from - at);
    const rows = stored.slice(first, Math.max(0, to - at));
    if (rows.length > 0) yield { part, chunk, row: at + first, rows };
    at += stored.length;
    if (at >= to) return;
  }
}

async function* listPlaces(
  { hunts, mayRead }: Parts,
  { huntId, from, upTo }: ChunkQuery,
): AsyncGenerator<Place, undefined> {
  // The part at the position is the first one that is listed, if it is still there.
  let after = Math.max(0, from.part - 1);
  while (after < upTo) {
    const page = await hunts.listParts(huntId, after, PARTS_PAGE);
    for (const part of page) {
      after = part.number;
      if (after > upTo) return undefined;
      if (await mayRead(part)) yield* toPlaces(part, part.number === from.part ? from : undefined);
    }
    // A row that can't be read makes a page shorter: more may follow.
    if (page.length === 0) return undefined;
  }
  return undefined;
}

/** The blobs from a position on, without rows that are over the hunt's limit. */
function* toPlaces(part: ResultPart, position: ResultPosition | undefined): Generator<Place> {
  let left = part.rows;
  for (const [chunk, rows] of part.chunks.entries()) {
    const to = Math.min(rows, left);
    left -= to;
    const from = chunk === position?.chunk ? position.row : 0;
    if (chunk >= (position?.chunk ?? 0) && from < to) yield { part, chunk, from, to };
  }
}
