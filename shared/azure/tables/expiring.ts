import { reachStorage } from '../requests/storage-error.ts';
import { odata } from './odata.ts';
import type { OpenTable } from './table-store.ts';

/** A store whose records end by themselves and are then swept out. */
export interface Expiring {
  /** Removes what ended before `now`; answers how many. */
  removeExpired(now: number): Promise<number>;
}

/** Creates the removal of rows whose column `expiresAt` has passed. */
export function createRemoveExpired(open: OpenTable): Expiring['removeExpired'] {
  return async (now) => {
    const client = await reachStorage(open);
    const filter = odata`expiresAt lt ${new Date(now)}`;
    const rows = client?.listEntities({
      queryOptions: { filter, select: ['PartitionKey', 'RowKey'] },
    });
    let removed = 0;
    for await (const { partitionKey = '', rowKey = '' } of rows ?? []) {
      await reachStorage(async () => await client?.deleteEntity(partitionKey, rowKey), [404]);
      removed++;
    }
    return removed;
  };
}
