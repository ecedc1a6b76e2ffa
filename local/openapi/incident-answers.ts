import * as v from 'valibot';
import { INCIDENT_SOURCES } from '../../shared/resources/incident-sources.ts';
import { TENANT_STATUSES } from '../../shared/tenants/tenant.ts';

const guid = v.pipe(v.string(), v.uuid());
const instant = v.pipe(v.string(), v.isoTimestamp());
/** Seven fraction digits, as Defender counts. */
const fineInstant = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/));
const seconds = v.pipe(v.number(), v.integer());
const source = v.picklist(INCIDENT_SOURCES);

const incidentEntries = {
  tenant_id: guid,
  incident_id: v.string(),
  source,
  name: v.string(),
  severity: v.string(),
  status: v.string(),
  classification: v.string(),
  determination: v.string(),
  assigned_to: v.optional(v.string()),
  created_at: v.optional(fineInstant),
  last_update_at: fineInstant,
  redirect_incident_id: v.optional(v.string()),
  tags: v.array(v.string()),
  comments: v.array(
    v.strictObject({
      comment: v.string(),
      created_by: v.optional(v.string()),
      created_at: v.optional(fineInstant),
    }),
  ),
  alert_count: v.optional(v.pipe(v.number(), v.integer())),
  incident_url: v.pipe(v.string(), v.url()),
  dedup_key: v.string(),
};

const completeEntries = {
  source,
  complete_from: v.optional(fineInstant),
  complete_up_to: v.optional(fineInstant),
  data_age_seconds: v.optional(seconds),
  late: v.boolean(),
};

/** Incidents that could not be read; `at_least`: more than are counted. */
const skippedEntries = {
  count: v.pipe(v.number(), v.integer()),
  at_least: v.optional(v.literal(true)),
  newest: v.optional(
    v.strictObject({ incident_id: v.optional(v.string()), reason: v.string(), since: instant }),
  ),
};

const coverageSchema = v.strictObject({
  tenant_id: guid,
  tenant_status: v.picklist(TENANT_STATUSES),
  ...completeEntries,
  skipped: v.strictObject(skippedEntries),
  problem: v.optional(v.string()),
});

/** An incident in Graph's words. */
export const incidentSchema = v.strictObject(incidentEntries);

/** One incident with Microsoft's own JSON of it; `null`: it was too large to be kept. */
export const wholeIncidentSchema = v.strictObject({
  ...incidentEntries,
  tenant_name: v.optional(v.string()),
  raw: v.nullable(v.looseObject({})),
  coverage: coverageSchema,
});

const included = {
  raw: v.optional(v.nullable(v.looseObject({}))),
  alerts: v.optional(v.nullable(v.array(v.looseObject({})))),
};

/**
 * An incident of a list; `raw` and `alerts` where they were asked for, `null` where they are left
 * out.
 */
const listedIncidentSchema = v.strictObject({
  ...incidentEntries,
  tenant_name: v.optional(v.string()),
  ...included,
});

/** How complete the incidents of many tenants are. */
export const fleetSchema = v.strictObject({
  tenants: v.pipe(v.number(), v.integer()),
  complete_up_to: v.optional(fineInstant),
  data_age_seconds: v.optional(seconds),
  late_count: v.pipe(v.number(), v.integer()),
  late: v.array(
    v.strictObject({
      tenant_id: guid,
      tenant_name: v.optional(v.string()),
      tenant_status: v.picklist(TENANT_STATUSES),
      complete_up_to: v.optional(fineInstant),
      data_age_seconds: v.optional(seconds),
    }),
  ),
  skipped_count: v.pipe(v.number(), v.integer()),
  skipped: v.array(v.strictObject({ tenant_id: guid, ...skippedEntries })),
});

/** A page of incidents with the coverage of the tenants that were looked at. */
export const incidentPageSchema = v.strictObject({
  value: v.array(listedIncidentSchema),
  next_cursor: v.optional(v.string()),
  unreadable: v.optional(v.pipe(v.number(), v.integer())),
  coverage: v.array(coverageSchema),
  /** With `order=updated`. */
  fleet_coverage: v.optional(fleetSchema),
});

/** A stretch of the change feed with the coverage of all tenants of the caller. */
export const changePageSchema = v.strictObject({
  value: v.array(
    v.strictObject({
      sequence: v.pipe(v.number(), v.integer()),
      kind: v.picklist(['created', 'updated', 'merged']),
      recorded_at: instant,
      incident: listedIncidentSchema,
    }),
  ),
  next_cursor: v.string(),
  has_more: v.boolean(),
  /** Changes that do not hold what was written. */
  unreadable: v.optional(v.pipe(v.number(), v.integer())),
  coverage: fleetSchema,
});

/** Where the sync of one tenant stands. */
export const syncSchema = v.strictObject({
  ...completeEntries,
  complete_source: v.optional(source),
  reconciled_at: v.optional(instant),
  due_at: v.optional(instant),
  running: v.optional(v.string()),
  last_failure: v.optional(
    v.strictObject({
      problem: v.string(),
      owner: v.picklist(['customer', 'partner', 'microsoft', 'caller']),
      description: v.string(),
      remedy: v.string(),
      runs: v.pipe(v.number(), v.integer()),
      since: instant,
      at: instant,
      retry_at: instant,
    }),
  ),
  failed_windows: v.array(
    v.strictObject({ kind: v.string(), from: fineInstant, problem: v.string(), at: instant }),
  ),
  skipped: v.array(
    v.strictObject({
      incident_id: v.optional(v.string()),
      reason: v.string(),
      since: instant,
      tries: v.pipe(v.number(), v.integer()),
      retry_at: instant,
    }),
  ),
  remarks: v.array(
    v.strictObject({ incident_id: v.optional(v.string()), reason: v.string(), since: instant }),
  ),
});
