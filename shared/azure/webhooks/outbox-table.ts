import * as v from 'valibot';
import type { Log } from '../../log.ts';
import type { Outbox, OutboxEntry, OutboxHead } from '../../webhooks/delivery/outbox.ts';
import { removePartition } from '../incidents/removal.ts';
import { createChangeLog, type LogMapping } from '../logs/change-log.ts';
import type { LogHead } from '../logs/head-row.ts';
import type { LogGuard } from '../logs/log-guard.ts';
import { HEAD } from '../logs/log-keys.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { type OpenTable, parseReadable, readRows } from '../tables/table-store.ts';

const rowSchema = v.object({
  feedSequence: v.pipe(v.string(), v.transform(Number), v.safeInteger()),
  recordedAt: v.date(),
});

/**
 * The table `webhookoutbox`: a log in a partition per subscription; an entry names a change of the
 * feed, and no tenant.
 */
export function createOutboxTable(open: OpenTable, log: Log, guard?: LogGuard): Outbox {
  const mapping: LogMapping<OutboxEntry> = {
    // Text: a whole number without a type would have to fit into 32 bits.
    toProperties: ({ feedSequence }) => ({ feedSequence: String(feedSequence) }),
    parseRows: (rows) => parseReadable(rows, (row) => [row, parseEntry(row)] as const, log),
  };
  const logOf = (partition: string) => createChangeLog({ open, partition, guard }, mapping);

  return {
    find: async (id) => toOutboxHead(await logOf(id).head()),
    async append(id, head, { entries, position }) {
      const moved = await logOf(id).appendAt(toLogHead(head), { entries, mark: position });
      return moved && toOutboxHead(moved);
    },
    async read(id, after, limit) {
      const { entries } = await logOf(id).read(after, limit);
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
    removeBefore: (id, time, limit) => logOf(id).removeBefore(time, limit),
  };
}

function parseEntry(row: ReadRow): OutboxEntry {
  const { feedSequence, recordedAt } = v.parse(rowSchema, row);
  return { feedSequence, recordedAt: recordedAt.getTime() };
}

function toOutboxHead({ first, next, mark, etag }: LogHead): OutboxHead {
  return { first, next, position: mark, version: etag };
}

function toLogHead({ first, next, position, version }: OutboxHead): LogHead {
  return { first, next, mark: position, etag: version, commit: undefined };
}
