import type { TableClient } from '@azure/data-tables';
import { settleAll } from '../../concurrency.ts';
import type { OldIncidents } from '../../incidents/incident-store.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import { writeRows } from '../tables/row-batch.ts';
import { findOverflow } from './incident-row.ts';

/** Removals under way at once. */
const CONCURRENCY = 10;

/** Removes all rows of a filter that names one partition; answers how many. */
export async function removePartition(client: TableClient, filter: string): Promise<number> {
  let removed = 0;
  const queryOptions = { filter, select: ['PartitionKey', 'RowKey'] };
  await reachStorage(async () => {
    for await (const page of client.listEntities({ queryOptions }).byPage()) {
      const keys = page.map(({ partitionKey = '', rowKey = '' }) => ({ partitionKey, rowKey }));
      await writeRows(
        client,
        keys.map((remove) => ({ remove })),
      );
      removed += keys.length;
    }
  });
  return removed;
}

/**
 * Removes incidents of a tenant whose last update is before an instant, if it still is; the blobs
 * that they pointed to are for the caller.
 */
export async function removeRowsBefore(
  client: TableClient,
  { tenantId, instant, limit }: OldIncidents & { tenantId: string },
): Promise<{ removed: number; blobNames: readonly string[] }> {
  let removed = 0;
  const blobNames: string[] = [];
  const queryOptions = {
    filter: odata`PartitionKey eq ${tenantId} and lastUpdateAt lt ${instant}`,
    select: ['PartitionKey', 'RowKey', 'overflow'],
  };
  await reachStorage(async () => {
    const pages = client.listEntities<Record<string, unknown>>({ queryOptions }).byPage();
    for await (const page of pages) {
      const rows = page.slice(0, limit - removed);
      const outcomes = await settleAll(rows, CONCURRENCY, async (row) => {
        const { partitionKey = '', rowKey = '', etag } = row;
        await reachStorage(() => client.deleteEntity(partitionKey, rowKey, { etag }), [404]);
      });
      // One that was updated meanwhile is not old any more (412); others are left for the next
      // time.
      const gone = rows.filter((_, index) => outcomes[index]?.status === 'fulfilled');
      blobNames.push(...gone.flatMap((row) => findOverflow(row) ?? []));
      removed += gone.length;
      if (removed >= limit) break;
    }
  });
  return { removed, blobNames };
}
