import { reachStorage } from '../../requests/storage-error.ts';
import type { ReadRow, Row } from '../../tables/row.ts';
import { type RowAction, writeRows } from '../../tables/row-batch.ts';
import type { StreamTableParts } from './walk-streams.ts';

/**
 * Signs rows as they stand, each under the version that was read; rows of one partition at once.
 */
export async function replaceRows(
  { open, guard }: Pick<StreamTableParts, 'open' | 'guard'>,
  rows: readonly ReadRow[],
): Promise<void> {
  const partitions = Map.groupBy(rows, ({ partitionKey }) => partitionKey);
  for (const group of partitions.values()) {
    const actions = group.map(async (row): Promise<RowAction> => {
      return { replace: await guard.rows.sign(toPlainRow(row)), etag: row.etag };
    });
    await writeRows(await reachStorage(open), await Promise.all(actions));
  }
}

/** What the service and its SDK add is not written back. */
function toPlainRow(row: ReadRow): Row {
  const { etag: _, timestamp: __, mac: ___, ...columns } = row;
  const own = Object.entries(columns).filter(([name]) => !name.startsWith('odata.'));
  return Object.fromEntries(own) as Row;
}
