import { reachStorage } from '../requests/storage-error.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import type { OpenTable } from '../tables/table-store.ts';
import type { RowId } from './row-guard.ts';

/** `undefined`: there is no such row. */
export async function readRow(
  open: OpenTable,
  { partitionKey, rowKey }: RowId,
): Promise<ReadRow | undefined> {
  return await reachStorage(
    async () => await (await open()).getEntity<Record<string, unknown>>(partitionKey, rowKey),
    [404],
  );
}

/** Answers the ETag; `undefined`: there is such a row. */
export async function createRow(open: OpenTable, row: Row): Promise<string | undefined> {
  return (await reachStorage(async () => await (await open()).createEntity(row), [409]))?.etag;
}

/** Answers the new ETag; `undefined`: the row changed or vanished since it was read. */
export async function updateRow(
  open: OpenTable,
  row: Row,
  etag: string,
): Promise<string | undefined> {
  const write = async () => await (await open()).updateEntity(row, 'Replace', { etag });
  return (await reachStorage(write, [404, 412]))?.etag;
}

/** Removes a row if nobody has changed it. */
export async function eraseRow(open: OpenTable, id: RowId, etag: string): Promise<void> {
  const { partitionKey, rowKey } = id;
  const erase = async () => await (await open()).deleteEntity(partitionKey, rowKey, { etag });
  await reachStorage(erase, [404, 412]);
}
