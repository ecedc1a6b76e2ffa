import * as v from 'valibot';
import { summarizeSkipped } from '../../incidents/sync/skipped.ts';
import type { SyncState, SyncStateStore, SyncSummary } from '../../incidents/sync/sync-state.ts';
import type { Log } from '../../log.ts';
import { INCIDENT_SOURCES } from '../../resources/incident-sources.ts';
import { instantSchema } from '../incidents/stored-incident.ts';
import { reachPages, reachStorage } from '../requests/storage-error.ts';
import type { ReadRow } from '../tables/row.ts';
import { MAX_TEXT_LENGTH } from '../tables/row-limits.ts';
import {
  createTableStore,
  type Mapping,
  type OpenTable,
  parseReadable,
} from '../tables/table-store.ts';
import {
  callsSchema,
  coverageSchema,
  failedSchema,
  failureSchema,
  skippedSchema,
  skippedSummarySchema,
  toStoredSkipped,
} from './sync-state-json.ts';
import { toStoredWalk, walkSchema } from './walk-json.ts';

const ROW = 'state';

/**
 * What only informs, or can be found out again, must not make a row unreadable, as after a
 * roll-back of the app.
 */
const advisory = <S extends v.GenericSchema>(schema: S) =>
  v.fallback(v.optional(v.pipe(v.string(), v.parseJson(), schema)), undefined);

const rowSchema = v.object({
  partitionKey: v.string(),
  source: v.fallback(v.optional(v.picklist(INCIDENT_SOURCES)), undefined),
  // A tenant whose row is damaged begins anew, at once: else it would never be read again.
  dueAt: v.fallback(v.date(), () => new Date(0)),
  scan: advisory(walkSchema),
  coverage: advisory(coverageSchema),
  failure: advisory(failureSchema),
  failed: advisory(failedSchema),
  skipped: advisory(skippedSchema),
  calls: advisory(callsSchema),
  leaseOwner: v.fallback(v.optional(v.string()), undefined),
  leaseUntil: v.fallback(v.optional(v.date()), undefined),
  fence: v.fallback(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
});

const summarySchema = v.object({
  partitionKey: v.string(),
  dueAt: v.fallback(v.date(), () => new Date(0)),
  leaseUntil: v.fallback(v.nullish(v.date()), undefined),
  completeUpTo: v.fallback(v.optional(instantSchema), undefined),
  skippedSummary: advisory(skippedSummarySchema),
  failure: advisory(failureSchema),
});
const SUMMARY_COLUMNS = [
  'PartitionKey',
  'RowKey',
  'dueAt',
  'leaseUntil',
  'completeUpTo',
  'skippedSummary',
  'failure',
];

const mapping: Mapping<string, SyncState> = {
  toRowId: (tenantId) => ({ partitionKey: tenantId, rowKey: ROW }),
  toRow: ({ dueAt, walk, coverage, failure, lease, ...state }) => ({
    partitionKey: state.tenantId,
    rowKey: ROW,
    source: state.source,
    dueAt: new Date(dueAt),
    scan: walk && JSON.stringify(toStoredWalk(walk)),
    coverage: coverage && JSON.stringify(coverage),
    completeUpTo: coverage?.completeUpTo,
    failure: failure && JSON.stringify(failure),
    failed: toBoundedJson(state.failed),
    skipped: toBoundedJson(state.skipped.map(toStoredSkipped)),
    skippedSummary: JSON.stringify(summarizeSkipped(state.skipped)),
    calls: JSON.stringify(state.calls),
    leaseOwner: lease?.owner,
    leaseUntil: lease && new Date(lease.until),
    fence: state.fence,
  }),
  parseRow: (row) => {
    const fields = v.parse(rowSchema, row);
    const { leaseOwner: owner, leaseUntil: until } = fields;
    return {
      tenantId: fields.partitionKey,
      source: fields.source,
      dueAt: fields.dueAt.getTime(),
      walk: fields.scan,
      coverage: fields.coverage,
      failure: fields.failure,
      failed: fields.failed ?? [],
      skipped: fields.skipped ?? [],
      calls: fields.calls ?? [],
      lease: owner !== undefined && until ? { owner, until: until.getTime() } : undefined,
      fence: fields.fence,
    };
  },
};

/**
 * The table `incidentsync`: a partition with one row per tenant, so that leases don't wait for each
 * other.
 */
export function createSyncStateTable(open: OpenTable, log: Log): SyncStateStore {
  return {
    ...createTableStore(open, mapping),
    async *summaries() {
      const client = await reachStorage(open);
      const pages = client
        .listEntities<Record<string, unknown>>({ queryOptions: { select: SUMMARY_COLUMNS } })
        .byPage({ maxPageSize: 1000 });
      for await (const page of reachPages(pages)) yield parseReadable(page, parseSummary, log);
    },
  };
}

/** Notes are cut to what a property holds, the oldest first. */
function toBoundedJson(notes: readonly object[]): string {
  const text = JSON.stringify(notes);
  if (text.length <= MAX_TEXT_LENGTH) return text;
  return toBoundedJson(notes.slice(0, Math.floor(notes.length / 2)));
}

function parseSummary(row: ReadRow): SyncSummary {
  const { partitionKey, dueAt, leaseUntil, ...rest } = v.parse(summarySchema, row);
  return {
    tenantId: partitionKey,
    dueAt: dueAt.getTime(),
    leaseUntil: leaseUntil?.getTime(),
    completeUpTo: rest.completeUpTo,
    failure: rest.failure,
    skipped: rest.skippedSummary ?? summarizeSkipped([]),
  };
}
