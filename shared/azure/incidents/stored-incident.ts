import * as v from 'valibot';
import type { Incident, IncidentComment } from '../../incidents/incident.ts';
import { findInstant, type Instant } from '../../incidents/instant.ts';
import { INCIDENT_SOURCES } from '../../resources/incident-sources.ts';
import { joinParts, packAtOnce, toParts, unpack } from '../tables/packed.ts';
import type { ReadRow } from '../tables/row.ts';
import { MAX_BINARY_BYTES, MAX_TEXT_LENGTH } from '../tables/row-limits.ts';

/** An instant that was written with all its digits. */
export const instantSchema = v.custom<Instant>(
  (value) => typeof value === 'string' && findInstant(value) === value,
);

const commentSchema = v.pipe(
  v.object({
    comment: v.string(),
    createdBy: v.optional(v.string()),
    createdAt: v.optional(instantSchema),
  }),
  v.transform(
    ({ comment, createdBy, createdAt }): IncidentComment => ({ comment, createdBy, createdAt }),
  ),
);

/** Keys that JSON leaves out are there again, as in what was written. */
const incidentSchema = v.pipe(
  v.object({
    tenantId: v.string(),
    incidentId: v.string(),
    source: v.picklist(INCIDENT_SOURCES),
    name: v.string(),
    severity: v.string(),
    status: v.string(),
    classification: v.string(),
    determination: v.string(),
    assignedTo: v.optional(v.string()),
    createdAt: v.optional(instantSchema),
    lastUpdateAt: instantSchema,
    redirectIncidentId: v.optional(v.string()),
    tags: v.array(v.string()),
    comments: v.array(commentSchema),
    alertCount: v.optional(v.number()),
  }),
  v.transform(
    (fields): Incident => ({
      ...fields,
      assignedTo: fields.assignedTo,
      createdAt: fields.createdAt,
      redirectIncidentId: fields.redirectIncidentId,
      alertCount: fields.alertCount,
    }),
  ),
);

/**
 * UTF-16 units of an incident's JSON in lists and changes: what compresses well could be of any
 * length.
 */
const MAX_VIEW_LENGTH = 256 * 1024;

/** A UTF-16 unit takes three bytes at most. */
const MAX_VIEW_BYTES = 3 * MAX_VIEW_LENGTH;

/** Parts of 64 KiB that a row spares for an incident without its raw JSON. */
const MAX_PARTS = 4;

/** The columns of an incident, for `select`. */
export const INCIDENT_COLUMNS = ['incident', 'incident0', 'incident1', 'incident2', 'incident3'];

/**
 * The properties that hold an incident: text, or packed where it is long; `undefined` when it does
 * not fit.
 */
export function toIncidentProperties(
  incident: Incident,
): Record<string, string | Buffer> | undefined {
  const text = JSON.stringify(incident);
  if (text.length <= MAX_TEXT_LENGTH) return { incident: text };
  if (text.length > MAX_VIEW_LENGTH) return undefined;
  const packed = packAtOnce(text);
  return packed.length <= MAX_PARTS * MAX_BINARY_BYTES ? toParts('incident', packed) : undefined;
}

/** The incident in a row's columns; throws when it is not one of ours. */
export function parseIncidentProperties(row: ReadRow): Incident {
  const packed = joinParts('incident', row);
  return parseIncident(
    JSON.parse(packed ? unpack(packed, MAX_VIEW_BYTES) : v.parse(v.string(), row.incident)),
  );
}

/** The incident that parsed JSON holds; throws when it is none. */
export function parseIncident(json: unknown): Incident {
  return v.parse(incidentSchema, json);
}
