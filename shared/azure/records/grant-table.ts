import * as v from 'valibot';
import { describeGrants } from '../../audit/describe/describe-grants.ts';
import type { Inspectable } from '../../authority/inspection.ts';
import {
  GRANT_MODES,
  GRANTABLE_NAMES,
  type GrantStore,
  type Grants,
  RULE_EFFECTS,
} from '../../callers/grants.ts';
import type { Log } from '../../log.ts';
import { createGuardedStore } from '../authority/guarded-store.ts';
import type { AuthorityMapping, Guard } from '../authority/row-guard.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import type { Mapping, OpenTable } from '../tables/table-store.ts';

/** One partition holds all callers: they are some dozens, and listed in order. */
const PARTITION = 'caller';

const ruleSchema = v.object({
  id: v.string(),
  effect: v.picklist(RULE_EFFECTS),
  tenants: v.array(v.string()),
  resources: v.array(v.picklist(['*', ...GRANTABLE_NAMES])),
  operations: v.optional(v.array(v.string())),
});

const rowSchema = v.object({
  rowKey: v.string(),
  displayName: v.optional(v.string()),
  mode: v.picklist(GRANT_MODES),
  clientSecret: v.optional(v.boolean()),
  blocked: v.optional(v.boolean()),
  webhookHosts: v.optional(v.pipe(v.string(), v.parseJson(), v.array(v.string()))),
  rules: v.pipe(v.string(), v.parseJson(), v.array(ruleSchema)),
  createdAt: v.date(),
  updatedAt: v.date(),
});

const mapping: Mapping<string, Grants> & AuthorityMapping<Grants> = {
  table: 'callers',
  toKey: ({ rowKey }) => rowKey,
  operational: ['updatedAt'],
  act: 'grants.change',
  describe: (grants) => ({
    tenantHash: undefined,
    subject: grants.callerId,
    fields: describeGrants(grants),
  }),
  toRowId: (callerId) => ({ partitionKey: PARTITION, rowKey: callerId }),
  toRow: ({ callerId, rules, webhookHosts, createdAt, updatedAt, ...grants }) => ({
    partitionKey: PARTITION,
    rowKey: callerId,
    ...grants,
    webhookHosts: webhookHosts && JSON.stringify(webhookHosts),
    rules: JSON.stringify(rules),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  }),
  parseRow,
};

/**
 * The table `callers`: one row per caller with its grants. A request's body bounds the rules to
 * what a cell holds.
 */
export function createGrantTable(
  open: OpenTable,
  log: Log,
  guard?: Guard,
): GrantStore & Inspectable {
  const store = createGuardedStore(open, mapping, guard);
  return {
    ...store,
    async list() {
      const client = await reachStorage(open);
      const filter = odata`PartitionKey eq ${PARTITION}`;
      const rows: ReadRow[] = [];
      await reachStorage(async () => {
        const found = client?.listEntities<Record<string, unknown>>({ queryOptions: { filter } });
        for await (const row of found ?? []) rows.push(row);
      });
      return await store.admit(rows, log);
    },
  };
}

function parseRow(row: ReadRow): Grants {
  const { rowKey, createdAt, updatedAt, ...fields } = v.parse(rowSchema, row);
  return {
    callerId: rowKey,
    displayName: fields.displayName,
    mode: fields.mode,
    clientSecret: fields.clientSecret,
    blocked: fields.blocked,
    webhookHosts: fields.webhookHosts,
    rules: fields.rules,
    createdAt: createdAt.getTime(),
    updatedAt: updatedAt.getTime(),
  };
}
