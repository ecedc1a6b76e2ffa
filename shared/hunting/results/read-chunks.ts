import type { ResultPart } from '../hunt.ts';
import type { HuntStore } from '../hunt-store.ts';
import type { ResultStore } from '../result-store.ts';
import type { ResultPosition } from './cursor.ts';

/** Rows of one blob that count, from a row on. */
export interface StoredChunk {
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

interface Place {
  readonly part: ResultPart;
  readonly chunk: number;
  readonly row: number;
}

/** The stored rows of a hunt, in order, fetched some blobs ahead. */
export async function* readChunks(parts: Parts, query: ChunkQuery): AsyncGenerator<StoredChunk> {
  const waiting: { readonly place: Place; readonly fetched: Promise<StoredChunk | undefined> }[] =
    [];
  const places = listPlaces(parts, query);
  for (;;) {
    while (waiting.length < AHEAD) {
      const { value: place } = await places.next();
      if (!place) break;
      const fetched = fetchChunk(parts, place);
      // Who leaves the loop awaits it no more.
      fetched.catch(() => undefined);
      waiting.push({ place, fetched });
    }
    const next = waiting.shift();
    if (!next) return;
    const chunk = await next.fetched;
    if (chunk) yield chunk;
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
    if (page.length < PARTS_PAGE) return undefined;
  }
  return undefined;
}

function* toPlaces(part: ResultPart, from: ResultPosition | undefined): Generator<Place> {
  for (let chunk = from?.chunk ?? 0; chunk < part.chunks.length; chunk++) {
    yield { part, chunk, row: chunk === from?.chunk ? from.row : 0 };
  }
}

/** `undefined`: the blob is gone with its tenant, or all its rows are over the hunt's limit. */
async function fetchChunk(
  { results }: Parts,
  { part, chunk, row }: Place,
): Promise<StoredChunk | undefined> {
  const before = part.chunks.slice(0, chunk).reduce((sum, rows) => sum + rows, 0);
  const left = part.rows - before;
  if (left <= 0) return undefined;
  const stored = await results.readChunk(part.blob, chunk);
  return stored && { part, chunk, row, rows: stored.slice(row, left) };
}
