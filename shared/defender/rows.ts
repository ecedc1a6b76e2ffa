import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { FetchedIncident, Incident, IncidentKey } from '../incidents/incident.ts';
import {
  type IncidentPage,
  type ListOrder,
  type PageRow,
  type SkippedRow,
  type SkipReason,
  SourceError,
} from '../incidents/incident-source.ts';
import type { ApiAnswer } from './defender-http.ts';
import { idSchema, instantSchema } from './incident-fields.ts';

/** How one API's rows are read. */
export interface Rows {
  /** The row's members that hold its id, and when it was created and last updated. */
  readonly idField: string;
  readonly timeFields: Readonly<Record<ListOrder, string>>;
  /** `undefined`: there is no usable id, or no time of the last update. */
  readonly findIncident: (row: unknown, tenantId: string) => Incident | undefined;
  readonly isOfOtherTenant: (row: unknown, tenantId: string) => boolean;
}

const pageSchema = v.object({
  value: v.custom<readonly unknown[]>(Array.isArray),
  '@odata.nextLink': v.nullish(v.string()),
});

/**
 * An API that takes no notice of `$top` may send more than was asked for: what follows is the next
 * page's.
 */
const MAX_ROWS_COUNT = 1000;

/** Reads a page, each row on its own; rejects as `malformed` when it is no page at all. */
export function toPage({ body, isPartial }: ApiAnswer, tenantId: string, rows: Rows): IncidentPage {
  const parsed = v.safeParse(pageSchema, body);
  if (!parsed.success) throw new SourceError('malformed');
  const { value, '@odata.nextLink': link } = parsed.output;
  const read = value.slice(0, MAX_ROWS_COUNT).map((row) => readRow(row, tenantId, rows));
  return {
    incidents: toLatest(read.filter((one) => 'incident' in one)),
    rows: read.map(toRow),
    skipped: read.filter((one) => 'reason' in one),
    nextLink: link ?? undefined,
    isPartial,
  };
}

const entitySchema = v.looseObject({});

/**
 * Reads the answer to a request for one incident; rejects as `malformed` when it is not that one.
 */
export function toOne(answer: ApiAnswer, key: IncidentKey, rows: Rows): FetchedIncident {
  const one = findOne(answer, key, rows);
  if (!one) throw new SourceError('malformed');
  return one;
}

/** The incident that was asked for; `undefined`: the answer does not hold it. */
export function findOne(
  { body }: ApiAnswer,
  key: IncidentKey,
  rows: Rows,
): FetchedIncident | undefined {
  const parsed = v.safeParse(entitySchema, body);
  if (!parsed.success) return undefined;
  // A list says it once for all rows; without it the same incident has the same JSON in both.
  const { '@odata.context': _context, ...row } = parsed.output;
  const one = readRow(row, key.tenantId, rows);
  return 'reason' in one || one.incident.incidentId !== key.incidentId ? undefined : one;
}

function readRow(row: unknown, tenantId: string, rows: Rows): FetchedIncident | SkippedRow {
  if (rows.isOfOtherTenant(row, tenantId)) return toSkipped(row, 'wrong_tenant', rows);
  const incident = rows.findIncident(row, tenantId);
  return incident ? { incident, raw: findRaw(row) } : toSkipped(row, 'malformed', rows);
}

function toSkipped(row: unknown, reason: SkipReason, { idField, timeFields }: Rows): SkippedRow {
  const incidentId = findField(row, idField, idSchema);
  const updated = findField(row, timeFields.updated, instantSchema);
  // Its text tells it from others as long as nobody changes it.
  return { incidentId, reason, updated, fingerprint: incidentId ? undefined : toFingerprint(row) };
}

function findField<S extends v.GenericSchema>(
  row: unknown,
  name: string,
  schema: S,
): v.InferOutput<S> | undefined {
  const parsed = v.safeParse(v.object({ [name]: schema }), row);
  return parsed.success ? parsed.output[name] : undefined;
}

function toFingerprint(row: unknown): string {
  return createHash('sha256')
    .update(findRaw(row) ?? '')
    .digest('base64url')
    .slice(0, 12);
}

/** JSON can be read to any depth, but not be written. */
function findRaw(row: unknown): string | undefined {
  try {
    return JSON.stringify(row);
  } catch {
    return undefined;
  }
}

function toRow(one: FetchedIncident | SkippedRow): PageRow {
  if ('reason' in one) return { id: one.incidentId ?? '' };
  const { incidentId, createdAt, lastUpdateAt } = one.incident;
  return { id: incidentId, created: createdAt, updated: lastUpdateAt };
}

/** One of each id: the one that was updated last. */
function toLatest(fetched: readonly FetchedIncident[]): readonly FetchedIncident[] {
  const byId = new Map<string, FetchedIncident>();
  for (const one of fetched) {
    const { incidentId, lastUpdateAt } = one.incident;
    const other = byId.get(incidentId);
    if (!other || other.incident.lastUpdateAt < lastUpdateAt) byId.set(incidentId, one);
  }
  return [...byId.values()];
}
