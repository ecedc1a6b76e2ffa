import * as v from 'valibot';
import { CHANGE_KINDS } from '../../incidents/feed/change-feed.ts';
import { INCIDENT_SOURCES, type Incident } from '../../incidents/incident.ts';
import type { IncidentWrite, StoredVersion } from '../../incidents/incident-store.ts';
import { toInstant } from '../../incidents/instant.ts';
import { shorten } from '../../incidents/shorten.ts';
import { joinParts, pack, toParts, unpack } from '../packed.ts';
import type { ReadRow, Row } from '../row.ts';
import { LARGEST_BINARY } from '../row-limits.ts';
import {
  INCIDENT_COLUMNS,
  instantSchema,
  parseIncident,
  parseIncidentProperties,
  toIncidentProperties,
} from './incident-json.ts';

/** With the incident's own parts a row stays below 1 MiB, whatever else it holds. */
const MAX_RAW_PARTS = 8;

const DIGITS = 19;
const INCIDENT_ID = /^(?:0|[1-9]\d{0,18})$/;
const HIGHEST = 10n ** BigInt(DIGITS) - 1n;

/** What is filtered on needs no more. */
const MAX_FILTERED_LENGTH = 256;

/** The key that sorts the newest id first; `undefined` for what can't be an incident's id. */
export function findRowKey(incidentId: string): string | undefined {
  if (!INCIDENT_ID.test(incidentId)) return undefined;
  return String(HIGHEST - BigInt(incidentId)).padStart(DIGITS, '0');
}

/** The id of the incident that a row is of. */
export function toIncidentId(rowKey: string): string {
  return String(HIGHEST - BigInt(rowKey));
}

/** A text as it is filtered on. */
export function toFiltered(text: string): string {
  return text.slice(0, MAX_FILTERED_LENGTH).toWellFormed();
}

/** An incident's row, and the bytes that are too many for it, to be kept elsewhere. */
export interface PackedIncident {
  readonly row: Row;
  readonly overflow: Buffer | undefined;
}

/** Packs an incident; throws when its id is none. */
export async function toPackedIncident(
  tenantId: string,
  { incident, raw, contentHash, rawHash, kind }: IncidentWrite,
): Promise<PackedIncident> {
  const rowKey = findRowKey(incident.incidentId);
  if (rowKey === undefined) throw new Error('An incident id has up to 19 digits.');
  const properties = {
    partitionKey: tenantId,
    rowKey,
    source: incident.source,
    severity: toFiltered(incident.severity),
    status: toFiltered(incident.status),
    assignedTo: incident.assignedTo === undefined ? undefined : toFiltered(incident.assignedTo),
    // An incident without one is found by every instant that it may have been created after.
    createdAt: incident.createdAt ?? incident.lastUpdateAt,
    lastUpdateAt: incident.lastUpdateAt,
    contentHash,
    rawHash,
    unpublished: kind,
  };
  const packed = raw === undefined ? Buffer.alloc(0) : await pack(raw);
  const whole = toIncidentProperties(incident);
  if (whole && packed.length <= MAX_RAW_PARTS * LARGEST_BINARY) {
    return { row: { ...properties, ...whole, ...toParts('raw', packed) }, overflow: undefined };
  }
  const view = whole ?? toIncidentProperties(shorten(incident));
  const overflow = await pack(JSON.stringify({ incident, raw }));
  return { row: { ...properties, ...view }, overflow };
}

/** What stands in the column `unpublished` of a row whose change is in the feed: a merge can't take a column away. */
export const PUBLISHED = '';

/** The columns that `parseVersion` reads. */
export const VERSION_COLUMNS = [
  'RowKey',
  'source',
  'lastUpdateAt',
  'contentHash',
  'rawHash',
  'unpublished',
  'overflow',
];

// What can't be read, as after a roll-back of the app, is older than anything: it is written again.
const unpublishedSchema = v.union([
  v.picklist(CHANGE_KINDS),
  v.pipe(
    v.literal(PUBLISHED),
    v.transform(() => undefined),
  ),
]);
const versionSchema = v.object({
  etag: v.string(),
  source: v.fallback(v.picklist(INCIDENT_SOURCES), 'defender-xdr'),
  lastUpdateAt: v.fallback(instantSchema, toInstant(0)),
  contentHash: v.fallback(v.string(), ''),
  rawHash: v.fallback(v.string(), ''),
  unpublished: v.fallback(unpublishedSchema, 'updated'),
  overflow: v.fallback(v.optional(v.string()), undefined),
});

/** The version that a row is. */
export function parseVersion(row: ReadRow): StoredVersion {
  return v.parse(versionSchema, row);
}

/** The columns that a list reads. */
export const LIST_COLUMNS = ['PartitionKey', 'RowKey', ...INCIDENT_COLUMNS];

/** The incident in a row, as far as the row holds it. */
export function parseListed(row: ReadRow): Incident {
  return parseIncidentProperties(row);
}

/** Where the rest of the row is; `undefined`: it holds everything. */
export function findOverflow(row: ReadRow): string | undefined {
  return v.parse(v.nullish(v.string()), row.overflow) ?? undefined;
}

/** The raw JSON that the row itself holds. */
export function findRaw(row: ReadRow): string | undefined {
  const packed = joinParts('raw', row);
  return packed && unpack(packed);
}

const overflowSchema = v.object({ incident: v.unknown(), raw: v.optional(v.string()) });

/** What was too large for the row. */
export function parseOverflow(bytes: Uint8Array): { incident: Incident; raw: string | undefined } {
  const { incident, raw } = v.parse(overflowSchema, JSON.parse(unpack(bytes)));
  return { incident: parseIncident(incident), raw };
}
