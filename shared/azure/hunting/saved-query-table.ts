import * as v from 'valibot';
import { toIntegrityError } from '../../authority/integrity.ts';
import { PARAMETER_TYPES } from '../../hunting/query/literal.ts';
import type { SavedQuery, SavedQueryStore } from '../../hunting/saved-query.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import { joinParts, packAtOnce, toParts, unpack } from '../tables/packed.ts';
import type { ReadRow } from '../tables/row.ts';
import { logUnreadable, type RowLog } from '../tables/row-log.ts';
import {
  createTableStore,
  type OpenTable,
  parseReadable,
  readRows,
} from '../tables/table-store.ts';
import { jsonOf } from './hunt-json.ts';

const PARTITION = 'query';

const rowSchema = v.object({
  rowKey: v.string(),
  parameters: jsonOf(v.record(v.string(), v.picklist(PARAMETER_TYPES))),
  description: v.optional(v.string()),
  updatedBy: v.string(),
  createdAt: v.date(),
  updatedAt: v.date(),
});

/** The table `huntqueries`: one row per saved query. */
export function createSavedQueryTable(open: OpenTable, log: RowLog): SavedQueryStore {
  const store = createTableStore<string, SavedQuery>(open, {
    toRowId: (name) => ({ partitionKey: PARTITION, rowKey: name }),
    toRow: ({ name, query, parameters, createdAt, updatedAt, ...saved }) => ({
      partitionKey: PARTITION,
      rowKey: name,
      ...saved,
      parameters: JSON.stringify(parameters),
      createdAt: new Date(createdAt),
      updatedAt: new Date(updatedAt),
      ...toParts('query', packAtOnce(query)),
    }),
    parseRow: (row) => parseOrRefuse(row, log),
  });
  return {
    ...store,
    async list() {
      const filter = odata`PartitionKey eq ${PARTITION}`;
      const rows = await reachStorage(() => readRows(open, filter, Number.POSITIVE_INFINITY));
      return parseReadable(rows, parseRow, log);
    },
  };
}

/** One that can't be read is no absence: it can be removed, and written anew. */
function parseOrRefuse(row: ReadRow, log: RowLog): SavedQuery {
  try {
    return parseRow(row);
  } catch (error) {
    logUnreadable(log, row, error);
    throw toIntegrityError('huntqueries');
  }
}

function parseRow(row: ReadRow): SavedQuery {
  const { rowKey, description, createdAt, updatedAt, ...saved } = v.parse(rowSchema, row);
  const query = joinParts('query', row);
  if (!query) throw new Error('The row holds no query.');
  return {
    ...saved,
    name: rowKey,
    query: unpack(query),
    description,
    createdAt: createdAt.getTime(),
    updatedAt: updatedAt.getTime(),
  };
}
