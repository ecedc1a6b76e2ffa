import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { type Fields, withoutTenantIds } from '../../audit/describe/field-changes.ts';
import type { Inspectable } from '../../authority/inspection.ts';
import { toIntegrityError } from '../../authority/integrity.ts';
import { PARAMETER_TYPES } from '../../hunting/query/literal.ts';
import type { SavedQuery, SavedQueryStore } from '../../hunting/saved-query.ts';
import type { Log } from '../../log.ts';
import { createGuardedStore } from '../authority/guarded-store.ts';
import type { AuthorityMapping, Guard } from '../authority/row-guard.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import { joinParts, packAtOnce, toParts, unpack } from '../tables/packed.ts';
import type { ReadRow } from '../tables/row.ts';
import { logUnreadable } from '../tables/row-log.ts';
import { type Mapping, type OpenTable, readRows } from '../tables/table-store.ts';

const PARTITION = 'query';

const parametersSchema = v.record(v.string(), v.picklist(PARAMETER_TYPES));

const rowSchema = v.object({
  rowKey: v.string(),
  parameters: v.pipe(v.string(), v.parseJson(), parametersSchema),
  description: v.optional(v.string()),
  updatedBy: v.string(),
  createdAt: v.date(),
  updatedAt: v.date(),
});

/**
 * The table `huntqueries`: one row per saved query. A row decides what is asked at customers in the
 * name of whoever hunts by its name, so it is believed only as a broker wrote it.
 */
export function createSavedQueryTable(
  open: OpenTable,
  log: Log,
  guard?: Guard,
): SavedQueryStore & Inspectable {
  const store = createGuardedStore(open, createMapping(log), guard);
  return {
    ...store,
    async list() {
      const filter = odata`PartitionKey eq ${PARTITION}`;
      const rows = await reachStorage(() => readRows(open, filter, Number.POSITIVE_INFINITY));
      return await store.admit(rows, log);
    },
  };
}

function createMapping(log: Log): Mapping<string, SavedQuery> & AuthorityMapping<SavedQuery> {
  return {
    table: 'huntqueries',
    toKey: ({ rowKey }) => rowKey,
    operational: ['updatedAt'],
    act: 'query.put',
    describe: (saved) => ({
      tenantHash: undefined,
      subject: saved.name,
      fields: describeQuery(saved),
    }),
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
  };
}

/** The text may name customers and machines: events tell its hash. */
function describeQuery({ query, parameters, description, updatedBy }: SavedQuery): Fields {
  return {
    query_hash: createHash('sha256').update(query).digest('base64url'),
    parameters: JSON.stringify(parameters),
    description: description && withoutTenantIds(description),
    updated_by: updatedBy,
  };
}

/** One that can't be read is no absence: it can be removed, and written anew. */
function parseOrRefuse(row: ReadRow, log: Log): SavedQuery {
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
