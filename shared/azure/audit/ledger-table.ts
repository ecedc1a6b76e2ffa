import type { Ledger, LedgerQuery } from '../../audit/issuance-ledger.ts';
import { settleAll } from '../../concurrency.ts';
import type { Log } from '../../log.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import { type OpenTable, parseReadable, readRows } from '../tables/table-store.ts';

/** How the records of a ledger become rows and back. */
export interface LedgerMapping<T, L> {
  /** The same for equal records, whoever writes them, and in the order of time. */
  readonly toRowKey: (entry: T) => string;
  /** Every partition in which the record is looked for; the first is that of its day. */
  readonly toPartitions: (entry: T) => readonly string[];
  readonly toProperties: (entry: T) => Omit<Row, 'partitionKey' | 'rowKey'>;
  /** Throws when the row is not one of ours. */
  readonly parseRow: (row: ReadRow) => T;
  /** An OData filter that names one partition, or a range of days. */
  readonly toFilter: (look: L) => string;
}

/** Removals under way at once. */
const CONCURRENCY = 10;

/**
 * A ledger of which each record is written once per index, as a whole: no query scans the table.
 */
export function createLedgerTable<T, L extends LedgerQuery>(
  open: OpenTable,
  mapping: LedgerMapping<T, L>,
  log: Log,
): Ledger<T, L> {
  const remove = async (row: ReadRow) => {
    const { partitionKey = '', rowKey = '' } = row;
    const [, ...others] = parseReadable([row], mapping.parseRow, log).flatMap(mapping.toPartitions);
    // The day's row goes last: until then an interrupted removal is found again.
    for (const partition of [...others, partitionKey]) await removeRow(open, partition, rowKey);
  };

  return {
    async record(entry) {
      const rowKey = mapping.toRowKey(entry);
      const properties = mapping.toProperties(entry);
      const rows = mapping.toPartitions(entry).map((partitionKey) => ({
        ...properties,
        partitionKey,
        rowKey,
      }));
      await Promise.all(rows.map((row) => insertOnce(open, row)));
    },
    async list(look) {
      const filter = mapping.toFilter(look);
      const rows = (await reachStorage(() => readRows(open, filter, look.limit + 1))) ?? [];
      const page = rows.slice(0, look.limit);
      const next = rows.length > look.limit ? page.at(-1)?.rowKey : undefined;
      return { records: parseReadable(page, mapping.parseRow, log), next };
    },
    async removeBefore(time, limit) {
      const filter = odata`PartitionKey ge ${'day|'} and PartitionKey lt ${toDayPartition(time)}`;
      const rows = (await reachStorage(() => readRows(open, filter, limit))) ?? [];
      const outcomes = await settleAll(rows, CONCURRENCY, remove);
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason;
      return rows.length;
    },
  };
}

/** Days are partitions, in order: a range of them is read without looking at the rest. */
export function toDayPartition(time: number): string {
  return `day|${toIso(time).slice(0, 10)}`;
}

/** The condition on a partition, or without one on the days since a time. */
export function toPartitionFilter(partition: string | undefined, since: number): string {
  if (partition !== undefined) return odata`PartitionKey eq ${partition}`;
  return odata`PartitionKey ge ${toDayPartition(since)} and PartitionKey lt ${'day|~'}`;
}

/** An instant that sorts as text; those before 1970 and far after never occur. */
export function toIso(time: number): string {
  return new Date(Math.max(0, time)).toISOString();
}

async function insertOnce(open: OpenTable, row: Row): Promise<void> {
  await reachStorage(async () => await (await open()).createEntity(row), [409]);
}

async function removeRow(open: OpenTable, partition: string, rowKey: string): Promise<void> {
  await reachStorage(async () => await (await open()).deleteEntity(partition, rowKey), [404]);
}
