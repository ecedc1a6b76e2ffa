import { randomUUID } from 'node:crypto';
import type { EpochStore } from '../epoch.ts';
import { reachStorage } from './storage-error.ts';
import type { OpenTable } from './table-store.ts';

const ROW = { partitionKey: 'epoch', rowKey: 'epoch' };

/** The table `epoch`: one row; any write changes its value, so writers need not see each other's. */
export function createEpochTable(open: OpenTable): EpochStore {
  return {
    async read() {
      const row = await reachStorage(
        async () => await (await open()).getEntity<{ value: string }>(ROW.partitionKey, ROW.rowKey),
        [404],
      );
      return row?.value ?? '';
    },
    async advance() {
      await reachStorage(
        async () => await (await open()).upsertEntity({ ...ROW, value: randomUUID() }, 'Replace'),
      );
    },
  };
}
