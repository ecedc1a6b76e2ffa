import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { writeRows } from '../tables/row-batch.ts';
import { readPages } from '../tables/table-store.ts';
import { findForgery, reportRows, type StreamPlace, verifyRow } from './stream-guard.ts';
import { findSequence, HEAD } from './stream-keys.ts';

/** Rows that are held at once: at 256 KiB the largest, 50 MiB. */
const PAGE = 200;

/** How entries leave a stream. */
export interface EntryRemoval {
  /** Removes the oldest, up to `limit`, that were recorded before a time; answers how many. */
  removeBefore(time: number, limit: number): Promise<number>;
  /** Removes what a filter on columns finds, wherever it stands; answers how many. */
  removeMatching(filter: string): Promise<number>;
}

/** Creates the removal of entries; `trim` says first that nobody may resume from them. */
export function createRemoval(
  place: StreamPlace,
  trim: (first: number) => Promise<void>,
): EntryRemoval {
  const { open, partition } = place;
  const entries = odata`PartitionKey eq ${partition} and RowKey lt ${HEAD}`;
  const remove = async (rows: readonly ReadRow[]) => {
    const keys = rows.map(({ rowKey = '' }) => ({ partitionKey: partition, rowKey }));
    await writeRows(
      await reachStorage(open),
      keys.map((key) => ({ remove: key })),
    );
    return rows.length;
  };

  return {
    async removeBefore(time, limit) {
      let removed = 0;
      await reachStorage(async () => {
        for await (const page of readPages(open, entries, Math.min(limit, PAGE))) {
          const rows = page.slice(0, limit - removed);
          const old = await takeOld(place, rows, time);
          const last = old.findLast(({ rowKey }) => findSequence(rowKey) !== undefined);
          // First nobody may resume from there any more, then it goes.
          if (last) await trim(findSequence(last.rowKey) ?? 0);
          removed += await remove(old);
          if (old.length < rows.length || removed >= limit) return;
        }
      });
      return removed;
    },
    async removeMatching(matching) {
      const query = { filter: `${entries} and ${matching}`, select: ['RowKey'] };
      let removed = 0;
      await reachStorage(async () => {
        for await (const page of readPages(open, query, 1000)) removed += await remove(page);
      });
      return removed;
    },
  };
}

/**
 * The first rows, as long as each was recorded before a time. What a row that no broker wrote says
 * of itself does not count, but when the service says that it was written: nobody can keep the old
 * ones by it, or have young ones removed.
 */
async function takeOld(
  { guard }: StreamPlace,
  rows: readonly ReadRow[],
  time: number,
): Promise<readonly ReadRow[]> {
  const old: ReadRow[] = [];
  for (const row of rows) {
    const problem = findForgery(await verifyRow(guard, row));
    if (problem) reportRows(guard, [{ row, problem }]);
    const writtenAt = problem ? new Date(row.timestamp ?? '') : row.recordedAt;
    const isOld = writtenAt instanceof Date && writtenAt.getTime() < time;
    if (!isOld) return old;
    old.push(row);
  }
  return old;
}
