import * as v from 'valibot';
import type { Log } from '../../log.ts';
import type { Outbox, OutboxEntry, OutboxHead } from '../../webhooks/delivery/outbox.ts';
import { removePartition } from '../incidents/removal.ts';
import { reachStorage } from '../requests/storage-error.ts';
import type { StreamHead } from '../streams/head-row.ts';
import { createStream, type StreamMapping } from '../streams/stream.ts';
import type { StreamGuard } from '../streams/stream-guard.ts';
import { HEAD } from '../streams/stream-keys.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { type OpenTable, parseReadable, readRows } from '../tables/table-store.ts';

const rowSchema = v.object({
  feedSequence: v.pipe(v.string(), v.transform(Number), v.safeInteger()),
  recordedAt: v.date(),
});

/**
 * The table `webhookoutbox`: a stream in a partition per subscription; an entry names a change of
 * the feed, and no tenant.
 */
export function createOutboxTable(open: OpenTable, log: Log, guard?: StreamGuard): Outbox {
  const mapping: StreamMapping<OutboxEntry> = {
    // Text: a whole number without a type would have to fit into 32 bits.
    toProperties: ({ feedSequence }) => ({ feedSequence: String(feedSequence) }),
    parseRows: (rows) => parseReadable(rows, (row) => [row, parseEntry(row)] as const, log),
  };
  const streamOf = (partition: string) => createStream({ open, partition, guard }, mapping);

  return {
    find: async (id) => toOutboxHead(await streamOf(id).head()),
    async append(id, head, { entries, position }) {
      const moved = await streamOf(id).appendAt(toStreamHead(head), { entries, mark: position });
      return moved && toOutboxHead(moved);
    },
    async read(id, after, limit) {
      const { entries } = await streamOf(id).read(after, limit);
      return entries.map(({ sequence, entry }) => ({ sequence, ...entry }));
    },
    async remove(id) {
      await removePartition(await reachStorage(open), odata`PartitionKey eq ${id}`);
    },
    async list() {
      const query = { filter: odata`RowKey eq ${HEAD}`, select: ['PartitionKey'] };
      const rows = await reachStorage(() => readRows(open, query, Number.POSITIVE_INFINITY));
      return rows.map(({ partitionKey = '' }) => partitionKey);
    },
    removeBefore: (id, time, limit) => streamOf(id).removeBefore(time, limit),
  };
}

function parseEntry(row: ReadRow): OutboxEntry {
  const { feedSequence, recordedAt } = v.parse(rowSchema, row);
  return { feedSequence, recordedAt: recordedAt.getTime() };
}

function toOutboxHead({ first, next, mark, etag }: StreamHead): OutboxHead {
  return { first, next, position: mark, version: etag };
}

function toStreamHead({ first, next, position, version }: OutboxHead): StreamHead {
  return { first, next, mark: position, etag: version, commit: undefined };
}
