import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { settleAll } from '../../concurrency.ts';
import type { RefuseHunt } from '../../hunting/refuse-hunt.ts';
import type { PartWriter, ResultStore } from '../../hunting/result-store.ts';
import type { BlobContainer } from '../blobs/blob-container.ts';
import { findBlobDamage } from '../blobs/blob-damage.ts';
import { MAX_UNPACKED_BYTES, unpackRows } from '../blobs/unpack-rows.ts';

/**
 * Bytes of rows in one blob, before compression: small enough to read a page without holding much,
 * large enough to be few.
 */
const MAX_CHUNK_BYTES = 1024 * 1024;

/** Blobs that are removed at once. */
const CONCURRENCY = 8;

const QUERIES = 'queries';

/**
 * The container `hunts`: `tenant/hunt/uuid/number` holds rows as compressed NDJSON, `queries/hunt`
 * the text of a query.
 */
export function createResultBlobs(blobs: BlobContainer, refuse: RefuseHunt): ResultStore {
  return {
    openPart: (tenantId, huntId) => openPart(blobs, `${tenantId}/${huntId}/${randomUUID()}`),
    ...createBlobReads(blobs, refuse),
    async putQuery(huntId, query) {
      await blobs.put(`${QUERIES}/${huntId}`, await pack(query));
    },
    async removeTenant(tenantId, huntId) {
      const prefix = huntId === undefined ? `${tenantId}/` : `${tenantId}/${huntId}/`;
      let removed = 0;
      for await (const page of blobs.list(prefix)) {
        await removeAll(
          blobs,
          page.map(({ name }) => name),
        );
        removed += page.length;
      }
      return removed;
    },
    removeQuery: (huntId) => blobs.remove(`${QUERIES}/${huntId}`),
    async removeBefore(time) {
      let removed = 0;
      for await (const page of blobs.list('')) {
        const old = page.filter(({ modifiedAt }) => modifiedAt < time);
        await removeAll(
          blobs,
          old.map(({ name }) => name),
        );
        removed += old.length;
      }
      return removed;
    },
  };
}

/** The reads; what no broker packed is refused. */
function createBlobReads(
  blobs: BlobContainer,
  refuse: RefuseHunt,
): Pick<ResultStore, 'readChunk' | 'findQuery'> {
  /** The error of a blob that no broker wrote, in place of what reading it threw. */
  const toRefusal = (error: unknown, huntId: string): unknown => {
    const damage = findBlobDamage(error);
    return damage ? refuse(huntId, damage) : error;
  };

  async function* readRows(blob: string, content: Uint8Array) {
    try {
      yield* unpackRows(content);
    } catch (error) {
      throw toRefusal(error, toHuntId(blob));
    }
  }

  return {
    async readChunk(blob, chunk) {
      const content = await blobs.find(toChunkName(blob, chunk)).catch((error: unknown) => {
        throw toRefusal(error, toHuntId(blob));
      });
      return content && readRows(blob, content);
    },
    async findQuery(huntId) {
      try {
        const content = await blobs.find(`${QUERIES}/${huntId}`);
        return content && (await unpack(content));
      } catch (error) {
        const refusal = toRefusal(error, huntId);
        if (refusal === error) throw error;
        return undefined;
      }
    },
  };
}

function openPart(blobs: BlobContainer, blob: string): PartWriter {
  const chunks: number[] = [];
  let rows: string[] = [];
  let size = 0;
  let total = 0;

  const flush = async () => {
    const text = `${rows.join('\n')}\n`;
    const number = chunks.push(rows.length) - 1;
    rows = [];
    size = 0;
    await blobs.put(toChunkName(blob, number), await pack(text));
  };

  return {
    blob,
    get bytes() {
      return total;
    },
    add(row) {
      rows.push(row);
      // A character of a row is a byte, or a few: as a measure that does.
      size += row.length + 1;
      total += row.length + 1;
      return size >= MAX_CHUNK_BYTES ? flush() : undefined;
    },
    async finish() {
      if (rows.length > 0) await flush();
      return chunks;
    },
    async discard() {
      rows = [];
      await removeAll(
        blobs,
        chunks.map((_, number) => toChunkName(blob, number)),
      );
    },
  };
}

async function removeAll(blobs: BlobContainer, names: readonly string[]): Promise<void> {
  const outcomes = await settleAll(names, CONCURRENCY, (name) => blobs.remove(name));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Blobs of rows are called `tenant/hunt/uuid`. */
function toHuntId(blob: string): string {
  return blob.split('/')[1] ?? '';
}

function toChunkName(blob: string, chunk: number): string {
  return `${blob}/${chunk}`;
}

async function pack(text: string): Promise<Buffer> {
  return await promisify(gzip)(text);
}

async function unpack(content: Buffer): Promise<string> {
  const bytes = await promisify(gunzip)(content, { maxOutputLength: MAX_UNPACKED_BYTES });
  return bytes.toString();
}
