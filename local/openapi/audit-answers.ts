import * as v from 'valibot';
import { AUDIT_EVENT_NAMES } from '../../shared/audit/audit-event.ts';
import { AUTHORITY_TABLES, CHECKED_TABLES } from '../../shared/audit/row-state.ts';

const instant = v.pipe(v.string(), v.isoTimestamp());
const guid = v.pipe(v.string(), v.uuid());
const count = v.pipe(v.number(), v.integer());

/** One field of a record before and after. */
const fieldChangeSchema = v.strictObject({
  field: v.string(),
  before: v.optional(v.string()),
  after: v.optional(v.string()),
});

/** A row as an event left it; without a digest it was removed. */
const rowChangeSchema = v.strictObject({
  table: v.picklist(AUTHORITY_TABLES),
  key: v.string(),
  version: count,
  digest: v.optional(v.string()),
  ends_at: v.optional(instant),
});

/**
 * What an operator or the broker did; its hash is over everything but the names, `tenant_id` and
 * the hash itself.
 */
const eventSchema = v.strictObject({
  sequence: count,
  previous_hash: v.string(),
  hash: v.string(),
  recorded_at: instant,
  occurred_at: v.optional(instant),
  actor: v.string(),
  actor_name: v.optional(v.string()),
  act: v.picklist(AUDIT_EVENT_NAMES),
  tenant_id: v.optional(guid),
  tenant_name: v.optional(v.string()),
  tenant_hash: v.optional(v.string()),
  subject: v.optional(v.string()),
  detail: v.optional(v.string()),
  changes: v.optional(v.array(fieldChangeSchema)),
  rows: v.optional(v.array(rowChangeSchema)),
  correlation_id: v.string(),
});

/** Whether the chain of events holds, and where it ends. */
const chainSchema = v.strictObject({
  holds: v.boolean(),
  problem: v.optional(v.picklist(['changed', 'gap', 'broken', 'cut', 'head'])),
  at_sequence: v.optional(count),
  ledger_id: v.optional(guid),
  first_sequence: count,
  head_sequence: count,
  head_hash: v.string(),
  checked_at: instant,
});

/** What a look at everything that decides something showed. */
const integrityEntries = {
  checked_at: instant,
  rows: count,
  findings: v.array(
    v.strictObject({
      table: v.string(),
      key: v.string(),
      problem: v.string(),
      digest: v.optional(v.string()),
      since: instant,
      seen_at: instant,
    }),
  ),
  chain: chainSchema,
};

export const integritySchema = v.strictObject(integrityEntries);

const rowNames = v.array(v.strictObject({ table: v.picklist(CHECKED_TABLES), key: v.string() }));

/** What an operator accepted. */
export const acceptedRowsSchema = v.strictObject({
  accepted: rowNames,
  unreadable: rowNames,
  ...integrityEntries,
});

/** One page of events. */
export const eventPageSchema = v.strictObject({
  value: v.array(eventSchema),
  next_cursor: v.optional(v.string()),
  chain: chainSchema,
});
