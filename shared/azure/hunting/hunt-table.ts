import type { TableClient } from '@azure/data-tables';
import type { Hunt, HuntProgress, HuntRun } from '../../hunting/hunt.ts';
import type { HuntStore } from '../../hunting/hunt-store.ts';
import { removePartition } from '../incidents/removal.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import { writeRows } from '../tables/row-batch.ts';
import { checkRow } from '../tables/row-limits.ts';
import type { RowLog } from '../tables/row-log.ts';
import { type OpenTable, parseReadable, readRows } from '../tables/table-store.ts';
import {
  HUNT_ROW,
  PROGRESS_ROW,
  parseHunt,
  parseProgress,
  toHuntProperties,
  toProgressRow,
} from './hunt-rows.ts';
import { toRunRow } from './run-row.ts';
import { createRunTable } from './run-table.ts';
import { createHuntRows } from './versioned-rows.ts';

/** One row for each hunt that has not finished. */
const ACTIVE = 'active';

/** Sorts times the other way round. */
const LAST_TIME = 9_999_999_999_999;

/**
 * The table `hunts`: a partition per hunt, so that a run, the progress and a part of the results
 * change together; and a partition per caller that lists its hunts.
 */
export function createHuntTable(open: OpenTable, log: RowLog): HuntStore {
  const { find, replace } = createHuntRows(open, log);
  const remove = (partitionKey: string, rowKey: string) =>
    reachStorage(async () => await (await open()).deleteEntity(partitionKey, rowKey), [404]);
  const list = (filter: string, count: number) => reachStorage(() => readRows(open, filter, count));

  return {
    ...createRunTable(open, log),
    create: async (...all) => await create(await open(), ...all),
    find: async (huntId) => (await find(huntId, HUNT_ROW, parseHunt))?.value,
    findProgress: (huntId) => find(huntId, PROGRESS_ROW, parseProgress),
    replaceProgress: (huntId, { etag }, value) =>
      replace(toProgressRow(huntId, value), { etag, value }),
    async listOf(callerId, { after = '', limit }) {
      const filter = odata`PartitionKey eq ${toOwner(callerId)} and RowKey gt ${after}`;
      const rows = await list(filter, limit + 1);
      const page = rows.slice(0, limit);
      const next = rows.length > limit ? page.at(-1)?.rowKey : undefined;
      return { hunts: parseReadable(page, parseHunt, log), next };
    },
    async listActive() {
      const rows = await list(odata`PartitionKey eq ${ACTIVE}`, Number.POSITIVE_INFINITY);
      return rows.flatMap(({ rowKey: huntId, callerId }) =>
        huntId === undefined
          ? []
          : [{ huntId, callerId: typeof callerId === 'string' ? callerId : undefined }],
      );
    },
    async removeActive(huntId) {
      await remove(ACTIVE, huntId);
    },
    async remove({ id, callerId, createdAt }) {
      await remove(ACTIVE, id);
      await removePartition(await open(), odata`PartitionKey eq ${id}`);
      // The last: until then the hunt can be named again, and what is left be removed.
      await remove(toOwner(callerId), toListKey({ id, createdAt }));
    },
    async listBefore(time, limit) {
      const filter = odata`RowKey eq ${HUNT_ROW} and createdAt lt ${new Date(time)}`;
      return parseReadable(await list(filter, limit), parseHunt, log);
    },
  };
}

/**
 * The row that makes the hunt run comes last: what a crash leaves behind before is nobody's, and
 * goes with its age.
 */
async function create(
  client: TableClient,
  hunt: Hunt,
  ...[progress, runs]: [HuntProgress, readonly HuntRun[]]
): Promise<void> {
  const keys = { partitionKey: hunt.id, rowKey: HUNT_ROW };
  const rows = [
    { ...keys, ...toHuntProperties(hunt) },
    toProgressRow(hunt.id, progress),
    ...runs.map(toRunRow),
  ].map(checkRow);
  await writeRows(
    client,
    rows.map((row) => ({ create: row })),
  );
  const listed = { partitionKey: toOwner(hunt.callerId), rowKey: toListKey(hunt) };
  const single = [
    { ...listed, ...toHuntProperties(hunt) },
    ...(progress.finishedAt === undefined
      ? [{ partitionKey: ACTIVE, rowKey: hunt.id, callerId: hunt.callerId }]
      : []),
  ];
  for (const row of single) await reachStorage(() => client.createEntity(checkRow(row)), [409]);
}

function toOwner(callerId: string): string {
  return `owner~${callerId}`;
}

/** The newest first. */
function toListKey({ id, createdAt }: Pick<Hunt, 'id' | 'createdAt'>): string {
  return `${String(LAST_TIME - createdAt).padStart(13, '0')}~${id}`;
}
