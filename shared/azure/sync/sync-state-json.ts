import * as v from 'valibot';
import { LIST_ORDERS, SKIP_REASONS } from '../../incidents/incident-source.ts';
import type { Coverage } from '../../incidents/sync/coverage.ts';
import type { SkippedSummary } from '../../incidents/sync/skipped.ts';
import type { SyncFailure } from '../../incidents/sync/sync-state.ts';
import type { SeenOrder } from '../../incidents/walk/list-order.ts';
import type { Scan } from '../../incidents/walk/scan.ts';
import { INCIDENT_SOURCES } from '../../resources/incident-sources.ts';
import { instantSchema } from '../incidents/stored-incident.ts';

const kindSchema = v.picklist(['backfill', 'changes', 'reconciliation']);
const sourceSchema = v.picklist(INCIDENT_SOURCES);
const problemSchema = v.picklist([
  'throttled',
  'unavailable',
  'malformed',
  'too_large',
  'unauthorized',
  'forbidden',
  'licence_missing',
  'refused',
  'foreign_link',
  'no_token',
  'partial',
  'unstable_list',
]);

/** Epoch milliseconds that a Date can hold. */
const timeSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15));

const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** More than any page that is asked for. */
const MAX_TOP = 1000;

/** More rows than any list that is counted has. */
const MAX_SKIP = 10_000_000;

const orderSchema = v.pipe(
  v.object({
    by: v.pipe(v.array(v.picklist(LIST_ORDERS)), v.minLength(1)),
    last: v.object({ created: instantSchema, updated: instantSchema }),
    below: v.optional(v.object({ by: v.picklist(LIST_ORDERS), at: instantSchema })),
  }),
  v.transform((order): SeenOrder => ({ ...order, below: order.below })),
);

const placeEntries = {
  kind: kindSchema,
  source: sourceSchema,
  startedAt: timeSchema,
  begin: instantSchema,
  from: instantSchema,
  to: v.optional(instantSchema),
  skip: v.pipe(countSchema, v.maxValue(MAX_SKIP)),
  top: v.pipe(countSchema, v.minValue(1), v.maxValue(MAX_TOP)),
  gone: v.array(v.string()),
};
const countingEntries = { ...placeEntries, tooLarge: countSchema };
const tiedEntries = {
  ...countingEntries,
  tail: v.array(v.string()),
  shared: v.picklist([0, 1]),
};

/** A walk under way, by its state; one that can't be read, as of an older form, begins anew. */
export const scanSchema = v.pipe(
  v.variant('state', [
    v.object({ state: v.literal('opening'), ...countingEntries }),
    v.object({ state: v.literal('ordered'), ...tiedEntries, order: orderSchema }),
    v.object({ state: v.literal('unordered'), ...tiedEntries }),
    v.object({ state: v.literal('probing'), ...countingEntries, suspect: instantSchema }),
    v.object({
      state: v.literal('linked'),
      ...placeEntries,
      link: v.string(),
      links: countSchema,
      tail: v.array(v.string()),
    }),
  ]),
  v.transform((scan): Scan => ({ ...scan, to: scan.to })),
);

/** What held the tenant back. */
export const failureSchema: v.GenericSchema<SyncFailure> = v.object({
  problem: problemSchema,
  count: countSchema,
  tries: countSchema,
  since: timeSchema,
  at: timeSchema,
  retryAt: timeSchema,
});

/** Calls of the last hour. */
export const callsSchema = v.array(v.tuple([countSchema, countSchema]));

/** What is complete; what can't be read is not. */
export const coverageSchema = v.pipe(
  v.object({
    source: sourceSchema,
    completeFrom: instantSchema,
    completeUpTo: instantSchema,
    reconciledAt: v.optional(timeSchema),
  }),
  v.transform((coverage): Coverage => ({ ...coverage, reconciledAt: coverage.reconciledAt })),
);

/** Windows that failed. */
export const failedSchema = v.array(
  v.object({ kind: kindSchema, from: instantSchema, problem: problemSchema, at: timeSchema }),
);

/** Rows that were skipped. */
export const skippedSchema = v.array(
  v.pipe(
    v.object({
      incidentId: v.optional(v.string()),
      reason: v.picklist(SKIP_REASONS),
      fingerprint: v.optional(v.string()),
      since: timeSchema,
      from: instantSchema,
      scan: timeSchema,
      tries: countSchema,
      retryAt: timeSchema,
    }),
    v.transform(({ incidentId, ...rest }) => ({ incidentId, ...rest })),
  ),
);

/** How many rows were skipped. */
export const skippedSummarySchema = v.pipe(
  v.object({
    count: countSchema,
    isMore: v.boolean(),
    newest: v.optional(
      v.pipe(
        v.object({
          incidentId: v.optional(v.string()),
          reason: v.picklist(SKIP_REASONS),
          since: timeSchema,
        }),
        v.transform(({ incidentId, ...rest }) => ({ incidentId, ...rest })),
      ),
    ),
  }),
  v.transform((summary): SkippedSummary => ({ ...summary, newest: summary.newest })),
);
