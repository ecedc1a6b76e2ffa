import * as v from 'valibot';
import type { TimerRun, TimerRunStore } from '../../health/timer-runs.ts';
import type { Log } from '../../log.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { type OpenTable, parseReadable, readRows } from '../tables/table-store.ts';

const PARTITION = 'timer';

const rowSchema = v.object({
  rowKey: v.string(),
  finishedAt: v.date(),
  nextAt: v.optional(v.date()),
});

/** The table `timers`: one row per timer, overwritten by each run. */
export function createTimerTable(open: OpenTable, log: Log): TimerRunStore {
  return {
    async save({ name, finishedAt, nextAt }) {
      const row = {
        partitionKey: PARTITION,
        rowKey: name,
        finishedAt: new Date(finishedAt),
        nextAt: nextAt === undefined ? undefined : new Date(nextAt),
      };
      await reachStorage(async () => await (await open()).upsertEntity(row, 'Replace'));
    },
    async list() {
      const filter = odata`PartitionKey eq ${PARTITION}`;
      const rows = await reachStorage(() => readRows(open, filter, Number.POSITIVE_INFINITY));
      return parseReadable(rows, parseRow, log);
    },
  };
}

function parseRow(row: ReadRow): TimerRun {
  const { rowKey, finishedAt, nextAt } = v.parse(rowSchema, row);
  return { name: rowKey, finishedAt: finishedAt.getTime(), nextAt: nextAt?.getTime() };
}
