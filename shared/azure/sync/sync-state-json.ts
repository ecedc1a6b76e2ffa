import * as v from 'valibot';
import { SKIP_REASONS } from '../../incidents/incident-source.ts';
import type { Coverage } from '../../incidents/sync/coverage.ts';
import type { SkippedIncident, SkippedSummary } from '../../incidents/sync/skipped.ts';
import type { SyncFailure } from '../../incidents/sync/sync-state.ts';
import { instantSchema } from '../incidents/stored-incident.ts';
import { countSchema, kindSchema, sourceSchema, timeSchema } from './walk-json.ts';

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
    v.transform(({ incidentId, scan, ...rest }) => ({ incidentId, walkStartedAt: scan, ...rest })),
  ),
);

/** The stored form of a row that was skipped. */
export function toStoredSkipped({ walkStartedAt: scan, ...one }: SkippedIncident): object {
  return { ...one, scan };
}

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
