import { createHash } from 'node:crypto';
import type { ChangeFeed, ChangeKind, IncidentChange } from './feed/change-feed.ts';
import type { FetchedIncident, Incident } from './incident.ts';
import { toContent } from './incident-content.ts';
import type { SkippedRow } from './incident-source.ts';
import type { IncidentStore, IncidentWrite, StoredVersion } from './incident-store.ts';
import { toTime } from './instant.ts';
import { isPlausible } from './sync/coverage.ts';

/** What writing did. */
interface Written {
  /** How many incidents were new or changed. */
  readonly changed: number;
  readonly skipped: readonly SkippedRow[];
}

/**
 * Stores what is news in incidents of one tenant and appends it to the change feed; what is known
 * costs no write.
 */
export type WriteIncidents = (
  tenantId: string,
  fetched: readonly FetchedIncident[],
) => Promise<Written>;

/**
 * A larger JSON is left out: it would be one customer's alert storm in everybody's memory. Bytes.
 */
const MAX_RAW_BYTES = 5 * 1024 * 1024;

/** Another writer of the same tenant is rare: a PATCH, or a holder that lost its lease. */
const ROUNDS = 4;

interface Parts {
  readonly incidents: IncidentStore;
  readonly changeFeed: ChangeFeed;
  readonly now: () => number;
}

/**
 * Creates the one way into the store. The order makes it safe to be killed anywhere: the row first,
 * marked as unpublished; then the feed; then the mark is taken off. Whoever reads the incident next
 * finishes what is left.
 */
export function createIncidentWriter(parts: Parts): WriteIncidents {
  return async (tenantId, fetched) => {
    const skipped: SkippedRow[] = [];
    let changed = 0;
    let left = [...latest(fetched).values()];
    for (let round = 0; left.length > 0 && round < ROUNDS; round++) {
      const outcome = await writeOnce(parts, tenantId, left);
      changed += outcome.changed;
      skipped.push(...outcome.skipped);
      left = outcome.overtaken;
    }
    if (left.length > 0) throw new Error('Incidents are being changed by others all the time.');
    return { changed, skipped };
  };
}

/** What is stored, as it is looked at now (epoch milliseconds). */
interface Known {
  readonly versions: ReadonlyMap<string, StoredVersion>;
  readonly now: number;
}

async function writeOnce(
  { incidents, changeFeed, now }: Parts,
  tenantId: string,
  fetched: readonly FetchedIncident[],
) {
  const ids = fetched.map(({ incident }) => incident.incidentId);
  const versions = await incidents.findVersions(tenantId, ids);
  const known = { versions, now: now() };
  const writes = fetched.flatMap((one) => toWrite(one, known));
  const saved = await incidents.save(tenantId, writes);
  const unpublished = fetched.flatMap((one) => toRepublish(one, known));
  const etags = new Map([...saved, ...unpublished.map(({ id, etag }) => [id, etag] as const)]);
  const changes: IncidentChange[] = [
    ...writes.filter(({ incident }) => saved.has(incident.incidentId)),
    ...unpublished,
  ].map(({ kind, incident }) => ({ kind, incident, recordedAt: now() }));
  if (changes.length > 0) {
    await changeFeed.append(changes);
    await incidents.markPublished(tenantId, withoutOvertaken(etags, writes));
  }
  const done = writes.filter(({ incident }) => saved.has(incident.incidentId));
  return {
    changed: changes.length,
    skipped: done.filter(({ raw }) => raw === undefined).map(toRawLeftOut),
    overtaken: writes.filter(({ incident }) => !saved.has(incident.incidentId)),
  };
}

/**
 * Whoever wrote the version before and has not published it yet may do so any moment: then the
 * older word would be the last one in the feed. What is left unpublished is appended once more by
 * the next reading.
 */
function withoutOvertaken(
  etags: ReadonlyMap<string, string>,
  writes: readonly IncidentWrite[],
): ReadonlyMap<string, string> {
  const late = writes.filter(({ seen }) => seen?.unpublished !== undefined);
  const ids = new Set(late.map(({ incident }) => incident.incidentId));
  return new Map([...etags].filter(([id]) => !ids.has(id)));
}

/** One incident may be read twice while it changes: the later word counts. */
function latest(fetched: readonly FetchedIncident[]): Map<string, FetchedIncident> {
  const byId = new Map<string, FetchedIncident>();
  for (const one of fetched) {
    const { incidentId, lastUpdateAt } = one.incident;
    const known = byId.get(incidentId);
    if (!known || known.incident.lastUpdateAt <= lastUpdateAt) byId.set(incidentId, one);
  }
  return byId;
}

function toWrite(
  { incident, raw }: FetchedIncident,
  { versions, now }: Known,
): readonly IncidentWrite[] {
  const seen = versions.get(incident.incidentId);
  const hashes = { contentHash: hashContent(incident), rawHash: hash(raw ?? '') };
  if (seen && isBelieved(incident, seen, now) && !isNews(incident, hashes, seen)) return [];
  const kind = toKind(incident, seen);
  const isKept = raw !== undefined && Buffer.byteLength(raw) <= MAX_RAW_BYTES;
  return [{ incident, raw: isKept ? raw : undefined, ...hashes, kind, seen }];
}

/**
 * What stands in the store as of a time to come was written by no broker, unless Microsoft says the
 * same: it would keep every answer out for ever.
 */
function isBelieved(
  { lastUpdateAt }: Pick<Incident, 'lastUpdateAt'>,
  seen: StoredVersion,
  now: number,
): boolean {
  return seen.lastUpdateAt === lastUpdateAt || isPlausible(toTime(seen.lastUpdateAt), now);
}

/**
 * An answer can be older than what is stored, as from a replica. Of the same age it is news if it
 * says something else; what another API leaves out or adds to the same content is not, unless what
 * is stored was never announced: store and feed have to say the same.
 */
function isNews(
  { source, lastUpdateAt }: Incident,
  { contentHash, rawHash }: { contentHash: string; rawHash: string },
  seen: StoredVersion,
): boolean {
  if (lastUpdateAt !== seen.lastUpdateAt) return lastUpdateAt > seen.lastUpdateAt;
  if (contentHash !== seen.contentHash) return true;
  return source === seen.source ? rawHash !== seen.rawHash : seen.unpublished !== undefined;
}

/** What was never announced is announced as new, however often it changed meanwhile. */
function toKind({ redirectIncidentId }: Incident, seen: StoredVersion | undefined): ChangeKind {
  if (redirectIncidentId !== undefined) return 'merged';
  return !seen || seen.unpublished === 'created' ? 'created' : 'updated';
}

/** Stored as it was read, but perhaps not in the feed. */
function toRepublish({ incident, raw }: FetchedIncident, known: Known) {
  const id = incident.incidentId;
  const seen = known.versions.get(id);
  const isSame =
    seen?.lastUpdateAt === incident.lastUpdateAt && toWrite({ incident, raw }, known).length === 0;
  if (!isSame || seen?.unpublished === undefined) return [];
  return [{ id, incident, kind: seen.unpublished, etag: seen.etag }];
}

function toRawLeftOut({ incident }: IncidentWrite): SkippedRow {
  return { incidentId: incident.incidentId, reason: 'raw_left_out' };
}

/** Of what both APIs say alike, so that changing the source changes nothing. */
function hashContent(incident: Incident): string {
  const fields = Object.entries(toContent(incident));
  return hash(JSON.stringify(fields.sort(([a], [b]) => (a < b ? -1 : 1))));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
