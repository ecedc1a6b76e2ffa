// biome-ignore-all lint/suspicious/useAwait: stand-ins keep the signatures of the ports
import type { FetchedIncident, Incident, IncidentKey } from '../../../shared/incidents/incident.ts';
import {
  type IncidentPage,
  type IncidentSource,
  type ListOrder,
  type PageQuery,
  type PageRow,
  SourceError,
  type SourceProblem,
} from '../../../shared/incidents/incident-source.ts';
import { createIncidentWriter } from '../../../shared/incidents/incident-writer.ts';
import { type Instant, toInstant } from '../../../shared/incidents/instant.ts';
import { createSyncTenant } from '../../../shared/incidents/sync/sync-tenant.ts';
import { createMeter } from '../../../shared/telemetry/meter.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createClock, HOUR, MINUTE } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { TENANT } from '../../support/tokens.ts';
import { createMemoryFeed, createMemoryIncidents, createMemoryStates } from './memory.ts';

/** A made-up incident as it was read. */
export function fetched(
  incidentId: number,
  lastUpdateAt: Instant,
  change: Partial<Incident> = {},
): FetchedIncident {
  const incident: Incident = {
    tenantId: TENANT,
    incidentId: String(incidentId),
    source: 'defender-xdr',
    name: `Incident ${incidentId}`,
    severity: 'high',
    status: 'active',
    classification: 'unknown',
    determination: 'unknown',
    assignedTo: undefined,
    createdAt: lastUpdateAt,
    lastUpdateAt,
    redirectIncidentId: undefined,
    tags: [],
    comments: [],
    alertCount: 0,
    ...change,
  };
  return { incident, raw: JSON.stringify(incident) };
}

/** An incident as a row of a page. */
export function toRow({ incident }: FetchedIncident): PageRow & Record<ListOrder, Instant> {
  return {
    id: incident.incidentId,
    created: incident.createdAt ?? incident.lastUpdateAt,
    updated: incident.lastUpdateAt,
  };
}

function isAsked(row: ReturnType<typeof toRow>, { from, to, below }: PageQuery): boolean {
  const isBelow = below === undefined || row[below.by] <= below.at;
  return row.updated >= from && row.updated < (to ?? '9') && isBelow;
}

/**
 * An API in memory whose list has the given order, page size and ceiling of `$skip`; it notes what
 * it was asked.
 */
function createListSource({
  pageSize = 3,
  ceiling = Number.POSITIVE_INFINITY,
  heedsSkip = true,
  order = (a: FetchedIncident, b: FetchedIncident) =>
    Number(a.incident.incidentId) - Number(b.incident.incidentId),
} = {}) {
  const incidents = new Map<string, FetchedIncident>();
  const queries: PageQuery[] = [];
  const troubles: (SourceProblem | SourceError | ((page: IncidentPage) => IncidentPage))[] = [];
  let beforePage: (query: PageQuery) => void | Promise<void> = () => undefined;
  let beforeGet: (key: IncidentKey) => SourceError | undefined = () => undefined;
  const spoiled = new Map<string, SourceProblem>();
  const unlisted = new Map<string, FetchedIncident>();

  const list = async (_: string, query: PageQuery): Promise<IncidentPage> => {
    queries.push(query);
    await beforePage(query);
    const trouble = troubles.shift();
    if (trouble instanceof SourceError) throw trouble;
    if (typeof trouble === 'string') throw new SourceError(trouble);
    if (query.skip > ceiling) throw new SourceError('refused');
    const all = [...incidents.values()].filter((one) => isAsked(toRow(one), query)).sort(order);
    const skip = heedsSkip ? query.skip : 0;
    const page = all.slice(skip, skip + query.top);
    const [problem] = page.flatMap(({ incident }) => spoiled.get(incident.incidentId) ?? []);
    if (problem) throw new SourceError(problem);
    const answer = {
      incidents: page,
      rows: page.map(toRow),
      skipped: [],
      nextLink: undefined,
      isPartial: false,
    };
    return trouble ? trouble(answer) : answer;
  };
  const source: IncidentSource = {
    name: 'defender-xdr',
    pageSize,
    list,
    get: async (key) => {
      const { incidentId } = key;
      const trouble = beforeGet(key);
      if (trouble) throw trouble;
      return incidents.get(incidentId) ?? unlisted.get(incidentId);
    },
    update: async () => undefined,
  };
  return {
    source,
    queries,
    troubles,
    put: (...all: readonly FetchedIncident[]) => {
      for (const one of all) incidents.set(one.incident.incidentId, one);
    },
    /** One is updated, if there is such an incident. */
    touch: (id: number, lastUpdateAt: Instant) => {
      const known = incidents.get(String(id))?.incident;
      if (known)
        incidents.set(known.incidentId, fetched(id, lastUpdateAt, { ...known, lastUpdateAt }));
    },
    all: () => [...incidents.values()].map(({ incident }) => incident),
    /** Known by their ids, but in no list. */
    putAway: (...all: readonly FetchedIncident[]) => {
      for (const one of all) unlisted.set(one.incident.incidentId, one);
    },
    /** No page with one of these can be read. */
    spoil: (problem: SourceProblem, ...ids: readonly number[]) => {
      for (const id of ids) spoiled.set(String(id), problem);
    },
    heal: () => spoiled.clear(),
    takeAway: (...ids: readonly number[]) => {
      for (const id of ids) incidents.delete(String(id));
    },
    onPage: (act: typeof beforePage) => {
      beforePage = act;
    },
    onGet: (act: typeof beforeGet) => {
      beforeGet = act;
    },
  };
}

/** The sync of one tenant over an API in memory. */
export function setUpSync(options: Parameters<typeof createListSource>[0] = {}) {
  const clock = createClock();
  const api = createListSource(options);
  const incidents = createMemoryIncidents();
  const { feed, changes } = createMemoryFeed();
  const states = createMemoryStates();
  const messages: { tenantId: string; delayMs: number }[] = [];
  const log = createRecordedLog();
  const tenant = { ...createTenant(TENANT, clock.now()), status: 'active' as const };
  const directory = { get: () => tenant, forget: () => undefined };
  const write = createIncidentWriter({
    incidents: incidents.store,
    changeFeed: feed,
    now: clock.now,
  });
  const parts = {
    directory,
    watch: { ensureCurrent: () => undefined, advance: async () => undefined },
    states,
    sources: { 'defender-xdr': api.source, graph: api.source },
    incidents: incidents.store,
    write,
    enqueue: async (tenantId: string, delayMs: number) => {
      messages.push({ tenantId, delayMs });
    },
    defaultSource: 'defender-xdr' as const,
    intervalMs: 5 * MINUTE,
    backfillMs: 30 * 24 * HOUR,
    findProxiedCalls: () => Promise.resolve(undefined),
    metrics: createMeter(),
    log,
    now: clock.now,
  };
  const at = (minutesAgo: number): Instant => toInstant(clock.now() - minutesAgo * MINUTE);
  return {
    clock,
    api,
    incidents,
    changes,
    states,
    messages,
    log,
    parts,
    at,
    /** The process is killed before it reaches the feed; answers what writes as it should. */
    killFeed: () => {
      const changeFeed = { ...feed, append: () => Promise.reject(new Error('killed')) };
      const dying = { incidents: incidents.store, changeFeed, now: clock.now };
      Object.assign(parts, { write: createIncidentWriter(dying) });
      return write;
    },
    sync: () => createSyncTenant(parts)(TENANT),
    /** Syncs until no message is left, as the queue would. */
    drain: async () => {
      messages.push({ tenantId: TENANT, delayMs: 0 });
      let left = 500;
      for (let next = messages.shift(); next && left-- > 0; next = messages.shift()) {
        clock.pass(next.delayMs);
        await createSyncTenant(parts)(TENANT);
      }
    },
    state: async () => (await states.find(TENANT))?.value,
    stored: () => incidents.listOf(TENANT).map(({ incidentId }) => Number(incidentId)),
  };
}
