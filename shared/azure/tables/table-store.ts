import type { TableClient } from '@azure/data-tables';
import { toBusyError } from '../../errors.ts';
import type { Store, Stored } from '../../store.ts';
import { reachStorage } from '../requests/storage-error.ts';
import type { ReadRow, Row } from './row.ts';
import { checkRow } from './row-limits.ts';
import { logUnreadable, type RowLog } from './row-log.ts';

/** Where a record lives and how it becomes a row and back. */
export interface Mapping<K, T> {
  readonly toRowId: (key: K) => { readonly partitionKey: string; readonly rowKey: string };
  readonly toRow: (value: T) => Row;
  /** Throws when the row is not one of ours. */
  readonly parseRow: (row: ReadRow) => T;
}

/** How many writers may come between a look at a record and its removal. */
const REMOVE_ATTEMPTS = 8;

/** The client of one table, the same each time. */
export type OpenTable = () => Promise<TableClient>;

/** The ETag-guarded records of one table. */
export function createTableStore<K, T>(open: OpenTable, mapping: Mapping<K, T>): Store<K, T> {
  const { toRowId, toRow, parseRow } = mapping;
  const toStored = (value: T, etag: string | undefined): Stored<T> => {
    if (!etag) throw new Error('Table Storage answered without an ETag.');
    return { value, etag };
  };

  const find = async (key: K) => {
    const { partitionKey, rowKey } = toRowId(key);
    const row = await reachStorage(
      async () => await (await open()).getEntity<Record<string, unknown>>(partitionKey, rowKey),
      [404],
    );
    return row && toStored(parseRow(row), row.etag);
  };

  return {
    find,
    async insert(value) {
      const row = checkRow(toRow(value));
      const written = await reachStorage(async () => await (await open()).createEntity(row), [409]);
      return written && toStored(value, written.etag);
    },
    async replace({ etag }, value) {
      const row = checkRow(toRow(value));
      const written = await reachStorage(
        async () => await (await open()).updateEntity(row, 'Replace', { etag }),
        [404, 412],
      );
      return written && toStored(value, written.etag);
    },
    async remove(key, mayRemove) {
      for (let attempt = 0; attempt < REMOVE_ATTEMPTS; attempt++) {
        const stored = mayRemove && (await find(key));
        if (mayRemove && !(stored && mayRemove(stored.value))) return;
        if (await deleteRow(open, toRowId(key), stored?.etag ?? '*')) return;
      }
      throw toBusyError('The record is being changed by others.');
    },
  };
}

/** `false`: the row is not the one that was read. */
async function deleteRow(
  open: OpenTable,
  { partitionKey, rowKey }: { readonly partitionKey: string; readonly rowKey: string },
  etag: string,
): Promise<boolean> {
  const erase = async () => await (await open()).deleteEntity(partitionKey, rowKey, { etag });
  const gone = await reachStorage(async () => await erase().then(() => true), [404, 412]);
  return gone !== undefined || etag === '*';
}

/**
 * The rows that can be read; one that can't, as of another version, is logged by its key and left
 * out.
 */
export function parseReadable<T>(
  rows: readonly ReadRow[],
  parseRow: (row: ReadRow) => T,
  log: RowLog,
): readonly T[] {
  return rows.flatMap((row) => {
    try {
      return [parseRow(row)];
    } catch (error) {
      logUnreadable(log, row, error);
      return [];
    }
  });
}

/** What Table Storage answers at most in one page. */
const MAX_PAGE_ROWS = 1000;

/** An OData filter, with the properties that are wanted where not all are. */
type RowQuery = string | { readonly filter: string; readonly select: string[] };

/** The first `count` rows of a query, in key order. */
export async function readRows(
  open: OpenTable,
  query: RowQuery,
  count: number,
): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  const pages = readPages(open, query, Math.min(count, MAX_PAGE_ROWS));
  for await (const page of pages) {
    rows.push(...page);
    if (rows.length >= count) break;
  }
  return rows.slice(0, count);
}

/**
 * The rows of a query, in key order, at most so many at once: the next ones when somebody goes on.
 */
export async function* readPages(
  open: OpenTable,
  query: RowQuery,
  atOnce: number,
): AsyncGenerator<readonly ReadRow[]> {
  const queryOptions = typeof query === 'string' ? { filter: query } : query;
  const client = await open();
  yield* client
    .listEntities<Record<string, unknown>>({ queryOptions })
    .byPage({ maxPageSize: atOnce });
}

/**
 * Removes the rows of a query that `isMeant` chooses, whatever their versions; answers how many
 * were there.
 */
export async function removeRows(
  open: OpenTable,
  filter: string,
  isMeant: (row: ReadRow) => boolean,
): Promise<number> {
  const rows = (await reachStorage(() => readRows(open, filter, Number.POSITIVE_INFINITY))) ?? [];
  let removed = 0;
  for (const { partitionKey = '', rowKey = '' } of rows.filter(isMeant)) {
    const answer = await reachStorage(
      async () => await (await open()).deleteEntity(partitionKey, rowKey),
      [404],
    );
    if (answer) removed++;
  }
  return removed;
}
