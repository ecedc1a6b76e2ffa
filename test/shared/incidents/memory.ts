// biome-ignore-all lint/suspicious/useAwait: stand-ins keep the signatures of the ports
import type { ChangeFeed, SequencedChange } from '../../../shared/incidents/feed/change-feed.ts';
import type { Incident } from '../../../shared/incidents/incident.ts';
import type {
  IncidentStore,
  IncidentWrite,
  StoredVersion,
} from '../../../shared/incidents/incident-store.ts';
import type { SyncState, SyncStateStore } from '../../../shared/incidents/sync/sync-state.ts';
import type { Store, Stored } from '../../../shared/store.ts';

/** The incidents' store in memory, with the same promises as the table. */
export function createMemoryIncidents() {
  const rows = new Map<string, { write: IncidentWrite; version: StoredVersion }>();
  let version = 0;
  let writes = 0;
  const toKey = (tenantId: string, id: string) => `${tenantId}|${id}`;
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
      return row && { incident: row.write.incident, raw: row.write.raw };
    },
    async list({ tenantId, after, limit }) {
      const left = listOf(tenantId).filter(
        ({ incidentId }) => after === undefined || Number(incidentId) < Number(after),
      );
      const incidents = left.slice(0, limit);
      return { incidents, next: left.length > limit ? incidents.at(-1)?.incidentId : undefined };
    },
    async removeTenant(tenantId) {
      const keys = [...rows.keys()].filter((key) => key.startsWith(tenantId));
      for (const key of keys) rows.delete(key);
      return keys.length;
    },
    async removeBefore() {
      return 0;
    },
  };
  return { store, listOf, writes: () => writes };
}

/** The change feed in memory. */
export function createMemoryFeed() {
  const changes: SequencedChange[] = [];
  const feed: ChangeFeed = {
    async append(appended) {
      for (const change of appended) changes.push({ ...change, sequence: changes.length + 1 });
    },
    async read(after, limit) {
      const page = changes.filter(({ sequence }) => sequence > after).slice(0, limit);
      return { changes: page, position: page.at(-1)?.sequence ?? after };
    },
    bounds: async () => ({ first: 0, last: changes.length }),
    async removeTenant() {
      return 0;
    },
    async removeBefore() {
      return 0;
    },
  };
  return { feed, changes };
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
    async remove(key) {
      rows.delete(key);
    },
    values: () => [...rows.values()].map(({ value }) => value),
  };
  return store;
}
