// biome-ignore-all lint/suspicious/useAwait: stand-ins keep the signatures of the ports
import type { ChangeFeed, SequencedChange } from '../../../shared/incidents/feed/change-feed.ts';
import type { Incident, IncidentKey } from '../../../shared/incidents/incident.ts';
import type {
  IncidentQuery,
  IncidentStore,
  IncidentWrite,
  StoredVersion,
} from '../../../shared/incidents/incident-store.ts';
import { summarizeSkipped } from '../../../shared/incidents/sync/skipped.ts';
import type { SyncState, SyncStateStore } from '../../../shared/incidents/sync/sync-state.ts';
import type { Store, Stored } from '../../../shared/store.ts';

/** The incidents' store in memory, with the same promises as the table. */
export function createMemoryIncidents() {
  const rows = new Map<string, { write: IncidentWrite; version: StoredVersion }>();
  let version = 0;
  let writes = 0;
  const toKey = (tenantId: string, id: string) => `${tenantId}|${id}`;
  const keyOf = ({ tenantId, incidentId }: IncidentKey) => toKey(tenantId, incidentId);
  const listOf = (tenantId: string): Incident[] =>
    [...rows.entries()]
      .filter(([key]) => key.startsWith(tenantId))
      .map(([, { write }]) => write.incident)
      .sort((a, b) => Number(b.incidentId) - Number(a.incidentId));

  const save = (tenantId: string, write: IncidentWrite): [string, string][] => {
    const key = toKey(tenantId, write.incident.incidentId);
    if (rows.get(key)?.version.etag !== write.seen?.etag) return [];
    const etag = `e${++version}`;
    const { source, lastUpdateAt } = write.incident;
    const { contentHash, rawHash, kind } = write;
    writes++;
    rows.set(key, {
      write,
      version: { etag, source, lastUpdateAt, contentHash, rawHash, unpublished: kind },
    });
    return [[write.incident.incidentId, etag]];
  };

  const store: IncidentStore = {
    findVersions: async (tenantId, ids) =>
      new Map(
        ids.flatMap((id) => {
          const row = rows.get(toKey(tenantId, id));
          return row ? [[id, row.version] as const] : [];
        }),
      ),
    save: async (tenantId, all) => new Map(all.flatMap((write) => save(tenantId, write))),
    async markPublished(tenantId, etags) {
      for (const [id, etag] of etags) {
        const row = rows.get(toKey(tenantId, id));
        if (row?.version.etag !== etag) continue;
        const published = { ...row.version, etag: `e${++version}`, unpublished: undefined };
        rows.set(toKey(tenantId, id), { ...row, version: published });
      }
    },
    async find({ tenantId, incidentId }) {
      const row = rows.get(toKey(tenantId, incidentId));
      const raw = row?.write.raw;
      return row && { incident: row.write.incident, raw };
    },
    findListed: async (keys) => keys.map((key) => rows.get(keyOf(key))?.write.incident),
    findRaws: async (keys) => keys.map((key) => rows.get(keyOf(key))?.write.raw),
    async list({ after, limit, ...query }) {
      const left = listOf(query.tenantId)
        .filter(({ incidentId }) => after === undefined || Number(incidentId) < Number(after))
        .filter((incident) => matches(incident, query));
      const incidents = left.slice(0, limit);
      const next = left.length > limit ? incidents.at(-1)?.incidentId : undefined;
      return { incidents, unreadable: [], next };
    },
    async removeTenant(tenantId) {
      const keys = [...rows.keys()].filter((key) => key.startsWith(tenantId));
      for (const key of keys) rows.delete(key);
      return keys.length;
    },
    async removeBefore(tenantId, { instant, limit }) {
      const old = [...rows.entries()].filter(
        ([key, { version: one }]) => key.startsWith(tenantId) && one.lastUpdateAt < instant,
      );
      for (const [key] of old.slice(0, limit)) rows.delete(key);
      return Math.min(old.length, limit);
    },
  };
  return { store, listOf, writes: () => writes };
}

function matches(
  incident: Incident,
  { severities, statuses, assignedTo, updatedSince, createdSince }: Partial<IncidentQuery>,
): boolean {
  return (
    (severities ?? [incident.severity]).includes(incident.severity) &&
    (statuses ?? [incident.status]).includes(incident.status) &&
    incident.assignedTo === (assignedTo ?? incident.assignedTo) &&
    incident.lastUpdateAt >= (updatedSince ?? '') &&
    (incident.createdAt ?? incident.lastUpdateAt) >= (createdSince ?? '')
  );
}

/** The change feed in memory. */
export function createMemoryFeed() {
  const changes: SequencedChange[] = [];
  let first = 0;
  let last = 0;
  const removeUpTo = (sequence: number) => {
    first = Math.max(first, sequence);
    const young = changes.findIndex((change) => change.sequence > sequence);
    return changes.splice(0, young === -1 ? changes.length : young).length;
  };
  const feed: ChangeFeed = {
    async append(appended) {
      for (const change of appended) changes.push({ ...change, sequence: ++last });
    },
    async read(after, limit) {
      const page = changes.filter(({ sequence }) => sequence > after).slice(0, limit);
      return { changes: page, unreadable: [], position: page.at(-1)?.sequence ?? after };
    },
    bounds: async () => ({ first, last }),
    async removeTenant(tenantId) {
      const left = changes.filter(({ incident }) => incident.tenantId !== tenantId);
      const { length } = changes;
      changes.splice(0, length, ...left);
      return length - left.length;
    },
    async removeBefore(time, limit) {
      const old = changes.slice(0, limit).filter(({ recordedAt }) => recordedAt < time);
      return removeUpTo(old.at(-1)?.sequence ?? 0);
    },
  };
  return { feed, changes, removeUpTo };
}

/** The sync states in memory. */
export function createMemoryStates(): SyncStateStore {
  const store = createMemoryStore<SyncState>(({ tenantId }) => tenantId);
  return {
    ...store,
    async *summaries() {
      yield store.values().map((state) => ({
        tenantId: state.tenantId,
        dueAt: state.dueAt,
        leaseUntil: state.lease?.until,
        completeUpTo: state.coverage?.completeUpTo,
        skipped: summarizeSkipped(state.skipped),
        failure: state.failure,
      }));
    },
  };
}

/** Any store in memory, under etags. */
export function createMemoryStore<T>(toKey: (value: T) => string) {
  const rows = new Map<string, Stored<T>>();
  let version = 0;
  const put = (value: T): Stored<T> => {
    const stored = { value, etag: `e${++version}` };
    rows.set(toKey(value), stored);
    return stored;
  };
  const store: Store<string, T> & { values: () => T[] } = {
    find: async (key) => rows.get(key),
    insert: async (value) => (rows.has(toKey(value)) ? undefined : put(value)),
    replace: async ({ value: before, etag }, value) =>
      rows.get(toKey(before))?.etag === etag ? put(value) : undefined,
    async remove(key, mayRemove) {
      const stored = rows.get(key);
      if (stored && (mayRemove?.(stored.value) ?? true)) rows.delete(key);
    },
    values: () => [...rows.values()].map(({ value }) => value),
  };
  return store;
}
