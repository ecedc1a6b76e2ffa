import { toIntegrityError } from '../../authority/integrity.ts';
import type { Stored } from '../../store.ts';
import { reachStorage } from '../requests/storage-error.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import { checkRow } from '../tables/row-limits.ts';
import { logDamaged, type RowLog } from '../tables/row-log.ts';
import type { OpenTable } from '../tables/table-store.ts';

/** Rows of one table by their keys, each under its version. */
export function createHuntRows(open: OpenTable, log: RowLog) {
  return {
    async find<T>(
      partitionKey: string,
      rowKey: string,
      parse: (row: ReadRow) => T,
    ): Promise<Stored<T> | undefined> {
      const row = await reachStorage(
        async () => await (await open()).getEntity<Record<string, unknown>>(partitionKey, rowKey),
        [404],
      );
      if (row?.etag === undefined) return undefined;
      return { value: parseOrRefuse(row, parse, log), etag: row.etag };
    },
    /** `undefined`: the row changed, or is gone. */
    async replace<T>(
      row: Row,
      { etag, value }: { etag: string; value: T },
    ): Promise<Stored<T> | undefined> {
      const written = await reachStorage(
        async () => await (await open()).updateEntity(checkRow(row), 'Replace', { etag }),
        [404, 412],
      );
      return written?.etag === undefined ? undefined : { value, etag: written.etag };
    },
  };
}

/** A row that can't be read is no absence: who needs it is refused, other hunts go on. */
function parseOrRefuse<T>(row: ReadRow, parse: (row: ReadRow) => T, log: RowLog): T {
  try {
    return parse(row);
  } catch (error) {
    logDamaged(log, row, error);
    throw toIntegrityError('hunts');
  }
}
