import type { ReadRow, Row } from '../tables/row.ts';
import { MAX_BATCH_ROWS, toPayloadSize } from '../tables/row-batch.ts';
import { checkRow } from '../tables/row-limits.ts';
import { createGroupCommit } from './group-commit.ts';
import type { StreamHead } from './head-row.ts';
import { readStream } from './read-stream.ts';
import { createRemoval, type EntryRemoval } from './remove-entries.ts';
import type { StreamPlace } from './stream-guard.ts';
import { createStreamHead } from './stream-head.ts';
import { toRowKey } from './stream-keys.ts';

/** An entry with its place in the stream. */
interface Sequenced<T> {
  readonly sequence: number;
  readonly entry: T;
}

/** How entries of a stream become rows and back. */
export interface StreamMapping<T> {
  readonly toProperties: (entry: T) => Omit<Row, 'partitionKey' | 'rowKey'>;
  /** Rows that can be read; others are left out. */
  readonly parseRows: (rows: readonly ReadRow[]) => readonly (readonly [row: ReadRow, entry: T])[];
}

/** A stretch of a stream. */
interface StreamPage<T> {
  readonly entries: readonly Sequenced<T>[];
  /** `undefined`: a row that no broker wrote, of which nothing is believed. */
  readonly unreadable: readonly Sequenced<ReadRow | undefined>[];
  readonly position: number;
}

/** Entries in one order, numbered from 1 without a gap; a number is never given twice. */
interface Stream<T> extends EntryRemoval {
  /**
   * At least once: an answer that was lost may leave entries in the stream twice, in their order.
   */
  append(entries: readonly T[]): Promise<void>;
  /** `position` is the number that was looked at last: also where entries could not be read. */
  read(after: number, limit: number): Promise<StreamPage<T>>;
  /** The head as it stands, for `appendAt`. */
  head(): Promise<StreamHead>;
  /**
   * Appends at most 99 under a head and moves its mark, all or nothing; `undefined`: it was moved
   * since it was read.
   */
  appendAt(
    head: StreamHead,
    batch: { readonly entries: readonly T[]; readonly mark: number },
  ): Promise<StreamHead | undefined>;
  /** What was removed by age, up to and including `first`, and the last number that was given. */
  bounds(): Promise<{ readonly first: number; readonly last: number }>;
}

/** Creates a stream in one partition of a table: a head row that counts, and a row per entry. */
export function createStream<T extends { readonly recordedAt: number }>(
  place: StreamPlace,
  mapping: StreamMapping<T>,
): Stream<T> {
  const { partition } = place;
  const { toProperties, parseRows } = mapping;
  const head = createStreamHead(place);
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
      const { believed, refused, position } = await readStream(place, after, limit);
      const parsed = new Map(parseRows(believed.map(({ row }) => row)));
      const entries: Sequenced<T>[] = [];
      const unreadable: Sequenced<ReadRow | undefined>[] = refused.map(toRefused);
      for (const { row, sequence } of believed) {
        const entry = parsed.get(row);
        if (entry === undefined) unreadable.push({ sequence, entry: row });
        else entries.push({ sequence, entry });
      }
      return { entries, unreadable, position };
    },
    head: head.read,
    appendAt: (at, { entries, mark }) =>
      head.appendAt(at, { rows: entries.map((entry) => checkRow(toRow(entry))), mark }, toNumbered),
    async bounds() {
      const { first, next } = await head.read();
      return { first, last: next - 1 };
    },
    ...createRemoval(place, head.trim),
  };
}

function toRefused(sequence: number): Sequenced<undefined> {
  return { sequence, entry: undefined };
}
