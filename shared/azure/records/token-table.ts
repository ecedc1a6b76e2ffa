import * as v from 'valibot';
import { findKeyId } from '../../crypto/jwe.ts';
import type { Log } from '../../log.ts';
import { RESOURCE_NAMES } from '../../resources/resources.ts';
import type { TokenRecord, TokenStore, TokenSummary } from '../../tokens/token-record.ts';
import { reachPages, reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import {
  createTableStore,
  type Mapping,
  type OpenTable,
  parseReadable,
  removeRows,
} from '../tables/table-store.ts';
import { causeSchema } from './cause-schema.ts';

const retryStateSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    cause: causeSchema,
    entraCode: v.optional(v.number()),
    retryAfterMs: v.optional(v.number()),
    missingRoles: v.optional(v.array(v.string())),
    count: v.number(),
    at: v.number(),
    retryAt: v.number(),
  }),
);
const keySchema = { partitionKey: v.string(), rowKey: v.picklist(RESOURCE_NAMES) };
const timesSchema = {
  refreshAt: v.optional(v.date()),
  expiresAt: v.optional(v.date()),
  requestedAt: v.optional(v.date()),
};
const rowSchema = v.object({
  ...keySchema,
  ...timesSchema,
  sealed: v.optional(v.string()),
  issuedAt: v.optional(v.date()),
  // A state of a newer version of the app only means that Entra is asked again.
  setback: v.fallback(v.optional(retryStateSchema), undefined),
  leaseOwner: v.optional(v.string()),
  leaseUntil: v.optional(v.date()),
  fence: v.number(),
});
const summarySchema = v.object({
  ...keySchema,
  ...timesSchema,
  retryAt: v.optional(v.date()),
  failures: v.optional(v.number(), 0),
  keyId: v.optional(v.string()),
});
const SUMMARY_PROPERTIES = [
  'PartitionKey',
  'RowKey',
  'refreshAt',
  'expiresAt',
  'requestedAt',
  'retryAt',
  'failures',
  'keyId',
];

/** String properties hold 64 KiB of UTF-16 at most; a token of Entra has a few KiB. */
const MAX_STRING_LENGTH = 32 * 1024;

const mapping: Mapping<{ tenantId: string; resource: string }, TokenRecord> = {
  toRowId: ({ tenantId, resource }) => ({ partitionKey: tenantId, rowKey: resource }),
  toRow: ({ tenantId, resource, token, requestedAt, retryState, lease, fence }) => {
    if ((token?.sealed.length ?? 0) > MAX_STRING_LENGTH) throw new Error('The token is too large.');
    return {
      partitionKey: tenantId,
      rowKey: resource,
      sealed: token?.sealed,
      keyId: token && findKeyId(token.sealed),
      issuedAt: toDate(token?.issuedAt),
      expiresAt: toDate(token?.expiresAt),
      refreshAt: toDate(token?.refreshAt),
      requestedAt: toDate(requestedAt),
      setback: retryState && JSON.stringify(retryState),
      failures: retryState?.count ?? 0,
      retryAt: toDate(retryState?.retryAt),
      leaseOwner: lease?.owner,
      leaseUntil: toDate(lease?.until),
      fence,
    };
  },
  parseRow,
};

/** The table `tokens`: the second cache level, one partition per tenant and one row per API. */
export function createTokenTable(open: OpenTable, log: Log): TokenStore {
  return {
    ...createTableStore(open, mapping),
    async *summaries() {
      const client = await reachStorage(open);
      const pages = client
        .listEntities<Record<string, unknown>>({ queryOptions: { select: SUMMARY_PROPERTIES } })
        .byPage({ maxPageSize: 1000 });
      for await (const page of reachPages(pages)) yield parseReadable(page, parseSummary, log);
    },
    removeTenant: (tenantId) => removeRows(open, odata`PartitionKey eq ${tenantId}`, () => true),
  };
}

function parseRow(row: ReadRow): TokenRecord {
  const fields = v.parse(rowSchema, row);
  const { sealed, issuedAt, expiresAt, refreshAt, leaseOwner, leaseUntil } = fields;
  return {
    tenantId: fields.partitionKey,
    resource: fields.rowKey,
    token:
      sealed && issuedAt && expiresAt && refreshAt
        ? {
            sealed,
            issuedAt: issuedAt.getTime(),
            expiresAt: expiresAt.getTime(),
            refreshAt: refreshAt.getTime(),
          }
        : undefined,
    requestedAt: fields.requestedAt?.getTime(),
    retryState: fields.setback,
    lease:
      leaseOwner && leaseUntil ? { owner: leaseOwner, until: leaseUntil.getTime() } : undefined,
    fence: fields.fence,
  };
}

function parseSummary(row: ReadRow): TokenSummary {
  const fields = v.parse(summarySchema, row);
  return {
    tenantId: fields.partitionKey,
    resource: fields.rowKey,
    refreshAt: fields.refreshAt?.getTime(),
    expiresAt: fields.expiresAt?.getTime(),
    requestedAt: fields.requestedAt?.getTime(),
    retryAt: fields.retryAt?.getTime(),
    failures: fields.failures,
    keyId: fields.keyId,
  };
}

function toDate(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
