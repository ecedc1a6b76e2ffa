import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import { MAX_BATCH_ROWS, toPayloadSize, writeRows } from '../tables/row-batch.ts';
import { checkRow } from '../tables/row-limits.ts';
import { type OpenTable, readRows } from '../tables/table-store.ts';
import { createGroupCommit } from './group-commit.ts';
import { createLogHead, HEAD, type LogHead } from './log-head.ts';

/** An entry with its place in the log. */
export interface Sequenced<T> {
  readonly sequence: number;
  readonly entry: T;
}

/** Where a log is, and how its entries become rows and back. */
export interface LogMapping<T> {
  readonly partition: string;
  readonly toProperties: (entry: T) => Omit<Row, 'partitionKey' | 'rowKey'>;
  /** Rows that can be read; others are left out. */
  readonly parseRows: (rows: readonly ReadRow[]) => readonly (readonly [row: ReadRow, entry: T])[];
}

/** A stretch of a log. */
export interface LogPage<T> {
  readonly entries: readonly Sequenced<T>[];
  readonly unreadable: readonly Sequenced<ReadRow>[];
  readonly position: number;
}

/** Entries in one order, numbered from 1 without a gap; a number is never given twice. */
export interface ChangeLog<T> {
  /** At least once: an answer that was lost may leave entries in the log twice, in their order. */
  append(entries: readonly T[]): Promise<void>;
  /** `position` is the number that was looked at last: also where entries could not be read. */
  read(after: number, limit: number): Promise<LogPage<T>>;
  /** The head as it stands, for `appendAt`. */
  head(): Promise<LogHead>;
  /**
   * Appends at most 99 under a head and moves its mark, all or nothing; `undefined`: it was moved
   * since it was read.
   */
  appendAt(
    head: LogHead,
    batch: { readonly entries: readonly T[]; readonly mark: number },
  ): Promise<LogHead | undefined>;
  /** What was removed by age, up to and including `first`, and the last number that was given. */
  bounds(): Promise<{ readonly first: number; readonly last: number }>;
  /** Removes the oldest, up to `limit`, that were recorded before a time; answers how many. */
  removeBefore(time: number, limit: number): Promise<number>;
  /** Removes what a filter on columns finds, wherever it stands; answers how many. */
  removeMatching(filter: string): Promise<number>;
}

/** Safe integers have 16 digits. */
const DIGITS = 16;

/** Creates a log in one partition of a table: a head row that counts, and a row per entry. */
export function createChangeLog<T extends { readonly recordedAt: number }>(
  open: OpenTable,
  mapping: LogMapping<T>,
): ChangeLog<T> {
  const { partition, toProperties, parseRows } = mapping;
  const head = createLogHead(open, partition);
  const toRow = (entry: T): Row => ({
    ...toProperties(entry),
    recordedAt: new Date(entry.recordedAt),
    partitionKey: partition,
    // As long as the key that it gets with its number.
    rowKey: toRowKey(0),
  });
  const toNumbered = (row: Row, sequence: number) => ({ ...row, rowKey: toRowKey(sequence) });
  const append = createGroupCommit<Row>({
    commit: (rows) => head.append(rows, toNumbered),
    most: MAX_BATCH_ROWS - 1,
    sizeOf: toPayloadSize,
  });

  return {
    append: (entries) => append(entries.map((entry) => checkRow(toRow(entry)))),
    async read(after, limit) {
      const filter = odata`PartitionKey eq ${partition} and RowKey gt ${toRowKey(after)} and RowKey lt ${HEAD}`;
      const rows = await reachStorage(() => readRows(open, filter, limit));
      const parsed = new Map(parseRows(rows));
      const entries = [...parsed].map(([row, entry]) => ({ sequence: toSequence(row), entry }));
      const unreadable = rows
        .filter((row) => !parsed.has(row))
        .map((row) => ({ sequence: toSequence(row), entry: row }));
      const last = rows.at(-1);
      return { entries, unreadable, position: last ? toSequence(last) : after };
    },
    head: head.read,
    appendAt: (at, { entries, mark }) =>
      head.appendAt(at, { rows: entries.map((entry) => checkRow(toRow(entry))), mark }, toNumbered),
    async bounds() {
      const { first, next } = await head.read();
      return { first, last: next - 1 };
    },
    ...createRemoval(open, { partition, trim: head.trim }),
  };
}

function createRemoval(
  open: OpenTable,
  { partition, trim }: { partition: string; trim: (first: number) => Promise<void> },
): Pick<ChangeLog<never>, 'removeBefore' | 'removeMatching'> {
  const entries = odata`PartitionKey eq ${partition} and RowKey lt ${HEAD}`;
  const remove = async (rows: readonly ReadRow[]) => {
    const keys = rows.map(({ rowKey = '' }) => ({ partitionKey: partition, rowKey }));
    const actions = keys.map((key) => ({ remove: key }));
    await writeRows(await reachStorage(open), actions);
    return rows.length;
  };

  return {
    async removeBefore(time, limit) {
      const query = { filter: entries, select: ['RowKey', 'recordedAt'] };
      const rows = await reachStorage(() => readRows(open, query, limit));
      const young = rows.findIndex((row) => !isBefore(row, time));
      const old = young === -1 ? rows : rows.slice(0, young);
      const last = old.at(-1);
      // First nobody may resume from there any more, then it goes.
      if (last) await trim(toSequence(last));
      return await remove(old);
    },
    async removeMatching(matching) {
      const queryOptions = { filter: `${entries} and ${matching}`, select: ['RowKey'] };
      const client = await reachStorage(open);
      let removed = 0;
      await reachStorage(async () => {
        const pages = client.listEntities<Record<string, unknown>>({ queryOptions }).byPage();
        for await (const page of pages) removed += await remove(page);
      });
      return removed;
    },
  };
}

function toRowKey(sequence: number): string {
  return String(sequence).padStart(DIGITS, '0');
}

function toSequence({ rowKey }: ReadRow): number {
  return Number(rowKey);
}

function isBefore({ recordedAt }: ReadRow, time: number): boolean {
  return recordedAt instanceof Date && recordedAt.getTime() < time;
}
