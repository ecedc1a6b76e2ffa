import * as v from 'valibot';
import type { AttemptKey, AttemptRow, AttemptRows } from '../../consent/attempt.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { createRemoveExpired, type Expiring } from '../tables/expiring.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { createTableStore, type Mapping, type OpenTable, readRows } from '../tables/table-store.ts';

const rowSchema = v.object({
  partitionKey: v.string(),
  rowKey: v.string(),
  sealed: v.string(),
  expiresAt: v.date(),
});

const mapping: Mapping<AttemptKey, AttemptRow> = {
  toRowId: ({ browserHash, sid }) => ({ partitionKey: browserHash, rowKey: sid }),
  toRow: ({ browserHash, sid, sealed, expiresAt }) => ({
    partitionKey: browserHash,
    rowKey: sid,
    sealed,
    expiresAt: new Date(expiresAt),
  }),
  parseRow,
};

/** A browser with more attempts than this has forgotten the older ones itself. */
const MAX_LISTED_COUNT = 50;

/** The table `consentattempts`: one row per attempt, below the hash of the browser that made it. */
export function createAttemptTable(open: OpenTable): AttemptRows & Expiring {
  return {
    ...createTableStore(open, mapping),
    removeExpired: createRemoveExpired(open),
    async list(browserHash) {
      const filter = odata`PartitionKey eq ${browserHash}`;
      const rows = await reachStorage(() => readRows(open, filter, MAX_LISTED_COUNT));
      return (rows ?? []).map(parseRow);
    },
  };
}

function parseRow(row: ReadRow): AttemptRow {
  const { partitionKey, rowKey, sealed, expiresAt } = v.parse(rowSchema, row);
  return { browserHash: partitionKey, sid: rowKey, sealed, expiresAt: expiresAt.getTime() };
}
