import type { TableClient } from '@azure/data-tables';
import type { HuntRun } from '../../hunting/hunt.ts';
import type { HuntStore, HuntWrite } from '../../hunting/hunt-store.ts';
import type { Stored } from '../../store.ts';
import { removePartition } from '../incidents/removal.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { submitRows } from '../tables/row-batch.ts';
import { checkRow } from '../tables/row-limits.ts';
import { logDamaged, type RowLog } from '../tables/row-log.ts';
import { type OpenTable, parseReadable, readRows } from '../tables/table-store.ts';
import { createDamagedRun, toDamagedRun } from './damaged-run.ts';
import { PART_ROWS, parsePart, toPartKey, toPartRow, toProgressRow } from './hunt-rows.ts';
import { parseRun, RUN_ROWS, toRunKey, toRunRow } from './run-row.ts';
import { createHuntRows } from './versioned-rows.ts';

/** What a hunt's partition holds besides the hunt itself. */
type RunTable = Pick<
  HuntStore,
  | 'findRun'
  | 'restoreRun'
  | 'replaceRun'
  | 'write'
  | 'listRuns'
  | 'listParts'
  | 'listRunsAt'
  | 'removeParts'
>;

/** The runs and the parts of hunts. */
export function createRunTable(open: OpenTable, log: RowLog): RunTable {
  const { find, replace } = createHuntRows(open, log);
  const parse = (row: ReadRow) => parseOrEnd(row, log);
  const list = (filter: string, count: number) => reachStorage(() => readRows(open, filter, count));

  return {
    findRun: (huntId, index) => find(huntId, toRunKey(index), parse),
    replaceRun: ({ etag }, value) => replace(toRunRow(value), { etag, value }),
    async restoreRun(huntId, index) {
      const row = toRunRow(createDamagedRun(huntId, index));
      const made = await reachStorage(async () => await (await open()).createEntity(row), [409]);
      if (made) log.report?.(row, 'damaged');
    },
    write: async (write) => await writeTogether(await open(), write),
    async listRuns(huntId, from, limit) {
      const first = odata`PartitionKey eq ${huntId} and RowKey ge ${toRunKey(from)}`;
      const rows = await list(`${first} and ${odata`RowKey lt ${RUN_ROWS.to}`}`, limit);
      return rows.map(parse);
    },
    async listParts(huntId, after, limit) {
      const first = odata`PartitionKey eq ${huntId} and RowKey gt ${toPartKey(after)}`;
      const rows = await list(`${first} and ${odata`RowKey lt ${PART_ROWS.to}`}`, limit);
      return parseReadable(rows, parsePart, log);
    },
    async listRunsAt(tenantId) {
      const all = odata`RowKey ge ${RUN_ROWS.from} and RowKey lt ${RUN_ROWS.to}`;
      const filter = `${all} and ${odata`tenantId eq ${tenantId}`}`;
      return (await list(filter, Number.POSITIVE_INFINITY)).map(parse);
    },
    async removeParts(huntId, tenantId) {
      const all = odata`RowKey ge ${PART_ROWS.from} and RowKey lt ${PART_ROWS.to}`;
      const own = odata`PartitionKey eq ${huntId} and tenantId eq ${tenantId}`;
      return await removePartition(await open(), `${own} and ${all}`);
    },
  };
}

/** A run whose row can't be read ends, with its reason: nobody knows where it stood. */
function parseOrEnd(row: ReadRow, log: RowLog): HuntRun {
  try {
    return parseRun(row);
  } catch (error) {
    logDamaged(log, row, error);
    return toDamagedRun(row);
  }
}

async function writeTogether(
  client: TableClient,
  { run, progress, part }: HuntWrite,
): Promise<Stored<HuntRun> | undefined> {
  const { huntId } = run.next;
  const etags = await submitRows(client, [
    { replace: checkRow(toRunRow(run.next)), etag: run.seen.etag },
    { replace: checkRow(toProgressRow(huntId, progress.next)), etag: progress.seen.etag },
    ...(part ? [{ create: checkRow(toPartRow(part)) }] : []),
  ]);
  const etag = etags?.[0];
  return etag === undefined ? undefined : { value: run.next, etag };
}
