import * as v from 'valibot';
import { CHANGE_KINDS } from '../../incidents/feed/change-feed.ts';
import type { Incident } from '../../incidents/incident.ts';
import type {
  IncidentWrite,
  StoredIncident,
  StoredVersion,
} from '../../incidents/incident-store.ts';
import { toInstant } from '../../incidents/instant.ts';
import { shorten } from '../../incidents/shorten.ts';
import { DEFAULT_SOURCE, INCIDENT_SOURCES } from '../../resources/incident-sources.ts';
import { joinParts, pack, toParts, unpack } from '../tables/packed.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import { MAX_BINARY_BYTES } from '../tables/row-limits.ts';
import {
  INCIDENT_COLUMNS,
  instantSchema,
  parseIncident,
  parseIncidentProperties,
  toIncidentProperties,
} from './stored-incident.ts';

/** With the incident's own parts a row stays below 1 MiB, whatever else it holds. */
const MAX_RAW_PARTS = 8;

/** UTF-16 units of an incident's JSON that are kept whole: comments of eight million characters. */
const MAX_WHOLE_LENGTH = 8 * 1024 * 1024;

/** That, at three bytes a unit, and 5 MiB of raw JSON, whose quotes are escaped once more. */
const MAX_OVERFLOW_BYTES = 3 * MAX_WHOLE_LENGTH + 2 * 5 * 1024 * 1024 + 1024;

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
interface PackedIncident {
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
  if (whole && packed.length <= MAX_RAW_PARTS * MAX_BINARY_BYTES) {
    return { row: { ...properties, ...whole, ...toParts('raw', packed) }, overflow: undefined };
  }
  const view = whole ?? toIncidentProperties(shorten(incident));
  const isHuge = JSON.stringify(incident).length > MAX_WHOLE_LENGTH;
  const kept = { incident: isHuge ? shorten(incident) : incident, raw };
  const overflow = await pack(JSON.stringify(kept));
  return { row: { ...properties, ...view }, overflow };
}

/**
 * What stands in the column `unpublished` of a row whose change is in the feed: a merge can't take
 * a column away.
 */
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
  source: v.fallback(v.picklist(INCIDENT_SOURCES), DEFAULT_SOURCE),
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

/** The incident in a row, as far as the row holds it; throws when it is of another row. */
export function parseListed(row: ReadRow): Incident {
  return asOwn(row, parseIncidentProperties(row));
}

/** Where the rest of the row is; `undefined`: it holds everything, or does not say. */
export function findOverflow({ overflow }: ReadRow): string | undefined {
  return typeof overflow === 'string' && overflow !== '' ? overflow : undefined;
}

/** The incident with the raw JSON that the row itself holds. */
export function parseWhole(row: ReadRow): StoredIncident {
  return { incident: parseListed(row), raw: parseRawColumns(row) };
}

/** The columns that `parseRawColumns` reads. */
export const RAW_COLUMNS = [
  'RowKey',
  'overflow',
  ...Array.from({ length: MAX_RAW_PARTS }, (_, index) => `raw${index}`),
];

/**
 * The raw JSON that a row holds; `undefined`: it holds none. Throws when it is no JSON or larger
 * than `maxBytes`.
 */
export function parseRawColumns(row: ReadRow, maxBytes?: number): string | undefined {
  const packed = joinParts('raw', row);
  return packed && parseRaw(unpack(packed, maxBytes));
}

const overflowSchema = v.object({ incident: v.unknown(), raw: v.optional(v.string()) });

/** What was too large for the row. */
export function parseOverflow(bytes: Uint8Array, row: ReadRow): StoredIncident {
  const text = unpack(bytes, MAX_OVERFLOW_BYTES);
  const { incident, raw } = v.parse(overflowSchema, JSON.parse(text));
  return { incident: asOwn(row, parseIncident(incident)), raw: raw && parseRaw(raw) };
}

/** Throws when it is no JSON: answers show it as it is. */
function parseRaw(raw: string): string {
  JSON.parse(raw);
  return raw;
}

/** A caller that may see the tenant of a row must not see another one's incident in it. */
function asOwn({ partitionKey, rowKey = '' }: ReadRow, incident: Incident): Incident {
  const isOwn = incident.tenantId === partitionKey && findRowKey(incident.incidentId) === rowKey;
  if (isOwn) return incident;
  throw new Error('A row holds the incident of another one.');
}
