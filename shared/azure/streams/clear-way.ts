import { eraseRow, readRow } from '../authority/row-io.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import { readRows } from '../tables/table-store.ts';
import type { StreamHead } from './head-row.ts';
import { refuseRow, type StreamPlace, verifyRow } from './stream-guard.ts';
import { HEAD, toRowKey } from './stream-keys.ts';

/** Numbers that one append gives at most. */
const MAX_ROWS = 100;

/**
 * After an append that failed under a head that is still there: rows that no broker wrote and that
 * have its numbers are removed, with an alarm. One that a broker wrote says that the head was put
 * back: rejects with `integrity`.
 */
export async function clearWay(place: StreamPlace, { etag, next }: StreamHead): Promise<void> {
  const { open, partition, guard } = place;
  if (!guard || (await isMoved(place, etag))) return;
  const filter = odata`PartitionKey eq ${partition} and RowKey ge ${toRowKey(next)} and RowKey lt ${HEAD}`;
  const rows = await reachStorage(() => readRows(open, filter, MAX_ROWS));
  if (rows.length === 0 || (await isMoved(place, etag))) return;
  for (const row of rows) {
    const { partitionKey = '', rowKey = '' } = row;
    const verdict = await verifyRow(guard, row);
    if (verdict === 'valid') throw refuseRow(guard, { partitionKey, rowKey: HEAD }, 'older');
    refuseRow(guard, row, verdict);
    await eraseRow(open, { partitionKey, rowKey }, row.etag);
  }
}

async function isMoved(
  { open, partition }: StreamPlace,
  etag: string | undefined,
): Promise<boolean> {
  return (await readRow(open, { partitionKey: partition, rowKey: HEAD }))?.etag !== etag;
}
