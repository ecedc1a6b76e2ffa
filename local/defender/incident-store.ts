import { generateIncident, generateTimestamp } from './generate-incidents.ts';
import type { Incident, IncidentChange } from './incident.ts';
import { createRandom, toShuffledRank } from './random.ts';

// Ids are small counters per tenant and collide between tenants, so that mixing tenants shows.
const FIRST_INCIDENT_ID = 1001;

/** How an incident comes into being; times in epoch milliseconds. */
interface NewIncident {
  /** When it was last updated; now when absent. */
  readonly at?: number;
  /** When lists first contain it (late indexing); at once when absent. */
  readonly listedFrom?: number;
  /** What to say instead of what is made up. */
  readonly change?: IncidentChange;
}

/** Many incidents at once, evenly spread from `from` to `to` (all at `from` when equal). */
interface Burst {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** The incidents of every tenant; surfaces read and change them, scenarios make them. */
export interface IncidentStore {
  readonly createIncident: (tenantId: string, incident?: NewIncident) => Incident;
  readonly createBurst: (tenantId: string, burst: Burst) => readonly Incident[];
  /**
   * Changes fields and moves `lastUpdateTime` to now unless the change says when; throws when there
   * is no such incident.
   */
  readonly updateIncident: (key: IncidentKey, change: IncidentChange) => Incident;
  /** Appends a comment; throws when there is no such incident. */
  readonly addComment: (key: IncidentKey, comment: NewComment) => Incident;
  /** Redirects an incident to the one it is merged into, which takes over its alerts. */
  readonly mergeIncident: (key: IncidentKey, intoIncidentId: number) => Incident;
  /**
   * What is listed now, in an order that is stable and means nothing; empty for an unknown tenant.
   */
  readonly listIncidents: (tenantId: string) => readonly Incident[];
  readonly findIncident: (key: IncidentKey) => Incident | undefined;
  readonly listTenants: () => readonly string[];
  /** Everything, to be put back by `importEntries`. */
  readonly exportEntries: () => readonly IncidentEntry[];
  readonly importEntries: (entries: readonly IncidentEntry[]) => void;
}

/** An incident with how it is listed, as JSON keeps it. */
export interface IncidentEntry {
  readonly tenantId: string;
  readonly incident: Incident;
  /** `null`: lists always had it. */
  readonly listedFrom: number | null;
  readonly rank: number;
}

/** Where an incident is. */
interface IncidentKey {
  readonly tenantId: string;
  readonly incidentId: number;
}

/** A comment before it has a time. */
interface NewComment {
  readonly comment: string;
  readonly createdBy: string;
}

/** Starts without tenants; `now` is the clock in epoch milliseconds. */
export function createIncidentStore({
  now = Date.now,
}: {
  now?: () => number;
} = {}): IncidentStore {
  const entries = createEntries(now);
  const update = createUpdate(entries, now);
  return {
    createIncident: (tenantId, incident = {}) => {
      const entry = entries.add(tenantId, incident);
      entries.shuffle(tenantId);
      return entry.incident;
    },
    createBurst: (tenantId, { count, from, to }) => {
      const step = count > 1 ? (to - from) / (count - 1) : 0;
      const added = Array.from({ length: count }, (_, index) =>
        entries.add(tenantId, { at: Math.round(from + index * step) }),
      );
      entries.shuffle(tenantId);
      return added.map(({ incident }) => incident);
    },
    updateIncident: update,
    addComment: (key, comment) => {
      const { comments } = entries.get(key).incident;
      const { lastUpdateTime } = update(key, {});
      return update(key, {
        lastUpdateTime,
        comments: [...comments, { ...comment, createdTime: lastUpdateTime }],
      });
    },
    mergeIncident: (key, intoIncidentId) => {
      const target = { tenantId: key.tenantId, incidentId: intoIncidentId };
      const moved = entries.get(key).incident.alerts;
      const alerts = moved.map((alert) => ({ ...alert, incidentId: intoIncidentId }));
      update(target, { alerts: [...entries.get(target).incident.alerts, ...alerts] });
      return update(key, { status: 'Redirected', redirectIncidentId: intoIncidentId, alerts: [] });
    },
    listIncidents: (tenantId) =>
      entries
        .list(tenantId)
        .filter(({ listedFrom }) => listedFrom <= now())
        .map(({ incident }) => incident),
    findIncident: (key) => entries.find(key)?.incident,
    listTenants: () => entries.tenants(),
    exportEntries: entries.all,
    importEntries: (all) => {
      for (const entry of all) entries.put(entry);
    },
  };
}

interface Entry {
  incident: Incident;
  readonly listedFrom: number;
  readonly rank: number;
}

function createEntries(now: () => number) {
  const byTenant = new Map<string, Entry[]>();
  const list = (tenantId: string): Entry[] => byTenant.get(tenantId) ?? [];
  const find = ({ tenantId, incidentId }: IncidentKey) =>
    list(tenantId).find(({ incident }) => incident.incidentId === incidentId);
  return {
    list,
    find,
    tenants: () => [...byTenant.keys()],
    get(key: IncidentKey): Entry {
      const entry = find(key);
      if (!entry) throw new Error(`Tenant ${key.tenantId} has no incident ${key.incidentId}.`);
      return entry;
    },
    add(tenantId: string, { at = now(), listedFrom, change }: NewIncident): Entry {
      const entries = list(tenantId);
      byTenant.set(tenantId, entries);
      const incidentId = FIRST_INCIDENT_ID + entries.length;
      const entry = {
        incident: { ...generateIncident({ tenantId, incidentId, at }), ...change },
        listedFrom: listedFrom ?? Number.NEGATIVE_INFINITY,
        rank: toShuffledRank(`${tenantId} ${incidentId}`),
      };
      entries.push(entry);
      return entry;
    },
    all: (): readonly IncidentEntry[] =>
      [...byTenant].flatMap(([tenantId, all]) =>
        all.map(({ incident, listedFrom, rank }) => ({
          ...{ tenantId, incident, rank },
          listedFrom: Number.isFinite(listedFrom) ? listedFrom : null,
        })),
      ),
    put({ tenantId, incident, listedFrom, rank }: IncidentEntry): void {
      const entry = { incident, listedFrom: listedFrom ?? Number.NEGATIVE_INFINITY, rank };
      byTenant.set(tenantId, [...list(tenantId), entry]);
    },
    shuffle(tenantId: string): void {
      list(tenantId).sort((one, other) => one.rank - other.rank);
    },
  };
}

function createUpdate({ get }: ReturnType<typeof createEntries>, now: () => number) {
  let updates = 0;
  return (key: IncidentKey, change: Partial<Incident>): Incident => {
    const entry = get(key);
    const lastUpdateTime = generateTimestamp(createRandom(`update ${updates++}`), now());
    entry.incident = { ...entry.incident, lastUpdateTime, ...change };
    return entry.incident;
  };
}
