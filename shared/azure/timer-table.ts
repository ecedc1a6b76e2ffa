import * as v from 'valibot';
import type { TimerRun, TimerRunStore } from '../health/timer-runs.ts';
import { reachStorage } from './storage-error.ts';
import type { OpenTable } from './table-store.ts';

const PARTITION = 'timer';

const rowSchema = v.object({
  rowKey: v.string(),
  finishedAt: v.date(),
  nextAt: v.optional(v.date()),
});

/** The table `timers`: one row per timer, overwritten by each run. */
export function createTimerTable(open: OpenTable): TimerRunStore {
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
      const runs: TimerRun[] = [];
      await reachStorage(async () => {
        for await (const row of (await open()).listEntities()) runs.push(parseRow(row));
      });
      return runs;
    },
  };
}

function parseRow(row: unknown): TimerRun {
  const { rowKey, finishedAt, nextAt } = v.parse(rowSchema, row);
  return { name: rowKey, finishedAt: finishedAt.getTime(), nextAt: nextAt?.getTime() };
}
