import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { AUDIT_EVENT_NAMES, type AuditEvent } from '../audit-event.ts';
import { AUTHORITY_TABLES } from '../row-state.ts';
import { toCanonicalJson } from './canonical-json.ts';

/** What the first event of a ledger names as the hash before it. */
export const FIRST_PREVIOUS_HASH = '0'.repeat(43);

/** An event in the API's field names. Whoever has it can compute its hash. */
export function toEventJson(event: Omit<AuditEvent, 'hash'>) {
  const { changes, rows, occurredAt } = event;
  return {
    sequence: event.sequence,
    previous_hash: event.previousHash,
    recorded_at: toIso(event.recordedAt),
    occurred_at: occurredAt === undefined ? undefined : toIso(occurredAt),
    actor: event.actor,
    act: event.act,
    tenant_hash: event.tenantHash,
    subject: event.subject,
    detail: event.detail,
    changes: changes.length > 0 ? changes : undefined,
    rows: rows.length > 0 ? rows.map(toRowJson) : undefined,
    correlation_id: event.correlationId,
  };
}

/** SHA-256, in base64url, of the canonical JSON of everything that `toEventJson` answers. */
export function hashEvent(event: Omit<AuditEvent, 'hash'>): string {
  return createHash('sha256')
    .update(toCanonicalJson(toEventJson(event)))
    .digest('base64url');
}

function toRowJson({ table, key, version, digest, endsAt }: AuditEvent['rows'][number]) {
  return { table, key, version, digest, ends_at: endsAt === undefined ? undefined : toIso(endsAt) };
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}

const timeSchema = v.pipe(v.string(), v.isoTimestamp(), v.transform(Date.parse));

const changeSchema = v.pipe(
  v.object({
    field: v.string(),
    before: v.optional(v.string()),
    after: v.optional(v.string()),
  }),
  v.transform((change) => ({ ...change, before: change.before, after: change.after })),
);

const rowSchema = v.pipe(
  v.object({
    table: v.picklist(AUTHORITY_TABLES),
    key: v.string(),
    version: v.number(),
    digest: v.optional(v.string()),
    ends_at: v.optional(timeSchema),
  }),
  v.transform(({ ends_at, ...row }) => ({ ...row, digest: row.digest, endsAt: ends_at })),
);

const eventSchema = v.pipe(
  v.object({
    sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    previous_hash: v.string(),
    hash: v.string(),
    recorded_at: timeSchema,
    occurred_at: v.optional(timeSchema),
    actor: v.string(),
    act: v.picklist(AUDIT_EVENT_NAMES),
    tenant_hash: v.optional(v.string()),
    subject: v.optional(v.string()),
    detail: v.optional(v.string()),
    changes: v.optional(v.array(changeSchema), []),
    rows: v.optional(v.array(rowSchema), []),
    correlation_id: v.string(),
  }),
  v.transform(
    ({ previous_hash, recorded_at, occurred_at, tenant_hash, correlation_id, ...event }) => ({
      ...event,
      subject: event.subject,
      detail: event.detail,
      previousHash: previous_hash,
      recordedAt: recorded_at,
      occurredAt: occurred_at,
      tenantHash: tenant_hash,
      correlationId: correlation_id,
    }),
  ),
);

/** Reads an event as the API answers it or as it is stored; throws when it is none. */
export function parseEventJson(json: unknown): AuditEvent {
  return v.parse(eventSchema, json);
}
