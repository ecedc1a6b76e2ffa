import * as v from 'valibot';
import { PARAMETER_TYPES } from '../../shared/hunting/query/literal.ts';
import { HUNT_PROBLEM_NAMES, VERDICTS } from '../../shared/hunting/verdict.ts';

const guid = v.pipe(v.string(), v.uuid());
const instant = v.pipe(v.string(), v.isoTimestamp());
const count = v.pipe(v.number(), v.integer());
const owner = v.picklist(['customer', 'partner', 'microsoft', 'caller']);
const status = v.picklist(['running', 'complete', 'incomplete', 'cancelled']);

const huntEntries = {
  hunt_id: guid,
  name: v.optional(v.string()),
  saved_query: v.optional(v.string()),
  status,
  created_at: instant,
  cancelled_at: v.optional(instant),
  finished_at: v.optional(instant),
  timespan: v.optional(v.strictObject({ from: instant, to: instant })),
  max_rows: count,
  max_total_rows: count,
  rows: count,
  tenants: v.strictObject({
    total: count,
    pending: count,
    running: count,
    waiting: count,
    ended: count,
  }),
  verdicts: v.partial(v.strictObject(v.entriesFromList(VERDICTS, count))),
  status_url: v.string(),
  results_url: v.string(),
};

const verdictEntries = {
  verdict: v.optional(v.picklist(VERDICTS)),
  problem: v.optional(v.picklist(HUNT_PROBLEM_NAMES)),
  owner: v.optional(owner),
  description: v.optional(v.string()),
  remedy: v.optional(v.string()),
  /** Microsoft's own words about the query, and the place in it that they name. */
  microsoft: v.optional(v.string()),
  line: v.optional(count),
  column: v.optional(count),
};

const columnsSchema = v.array(
  v.strictObject({
    name: v.string(),
    type: v.string(),
    widened_from: v.optional(v.array(v.string())),
  }),
);

const rowSchema = v.looseObject({ tenant_id: guid, tenant_name: v.nullable(v.string()) });

/** A hunt and how far it is. */
export const huntSchema = v.strictObject(huntEntries);

/**
 * The caller's hunts that run, and those that ended within a day and left customers out. `stalled`:
 * nobody is being asked; `unreadable`: nothing is known of them.
 */
export const openHuntsSchema = v.strictObject({
  unreadable: v.boolean(),
  value: v.array(v.strictObject({ ...huntEntries, not_covered: count, stalled: v.boolean() })),
});

/** A page of the caller's hunts. */
export const huntPageSchema = v.strictObject({
  value: v.array(huntSchema),
  next_cursor: v.optional(v.string()),
});

/** A hunt, customer by customer. */
export const huntStatusSchema = v.strictObject({
  ...huntEntries,
  query: v.optional(v.string()),
  value: v.array(
    v.strictObject({
      tenant_id: v.optional(guid),
      tenant_name: v.optional(v.string()),
      named: v.optional(v.string()),
      status: v.picklist(['pending', 'running', 'waiting', 'ended']),
      ...verdictEntries,
      retry_at: v.optional(instant),
      rows: count,
      calls: count,
      duration_ms: v.optional(count),
      missing_roles: v.optional(v.array(v.string())),
      consent_url: v.optional(v.string()),
    }),
  ),
  next_cursor: v.optional(v.string()),
});

/** A page of rows. */
export const huntResultsSchema = v.strictObject({
  hunt_id: guid,
  status,
  columns: columnsSchema,
  value: v.array(rowSchema),
  next_cursor: v.optional(v.string()),
  withheld_tenants: v.optional(count),
});

/** What one customer answered. */
export const huntedTenantSchema = v.strictObject({
  hunt_id: guid,
  tenant_id: guid,
  tenant_name: v.optional(v.string()),
  ...verdictEntries,
  verdict: v.picklist(VERDICTS),
  rows: count,
  calls: count,
  columns: columnsSchema,
  value: v.array(rowSchema),
  next_cursor: v.optional(v.string()),
  withheld_tenants: v.optional(count),
});

/** A saved query. */
export const savedQuerySchema = v.strictObject({
  name: v.string(),
  query: v.string(),
  parameters: v.record(v.string(), v.picklist(PARAMETER_TYPES)),
  description: v.optional(v.string()),
  updated_by: v.string(),
  created_at: instant,
  updated_at: instant,
});
