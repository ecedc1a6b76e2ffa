import type { FetchedIncident } from '../incident.ts';
import { type IncidentSource, type SetAside, SourceError } from '../incident-source.ts';
import type { IncidentStore } from '../incident-store.ts';
import { attempt, type Trouble } from './trouble.ts';

/** A merged incident can be merged again; longer chains are a circle. */
const MOST_HOPS = 5;

/** What was found behind redirections. */
export interface Redirects {
  readonly fetched: readonly FetchedIncident[];
  readonly setAside: readonly SetAside[];
  /** Requests to the API. */
  readonly calls: number;
  /** What kept the rest from being asked for. */
  readonly trouble: Trouble | undefined;
}

/**
 * The incidents that others were merged into, where neither the page nor the store has them. One that is stored but
 * perhaps not in the feed is asked for again, since no list may ever bring it.
 */
export async function fetchRedirects(
  { source, incidents }: { source: IncidentSource; incidents: IncidentStore },
  tenantId: string,
  page: readonly FetchedIncident[],
): Promise<Redirects> {
  const have = new Set(page.map(({ incident }) => incident.incidentId));
  const fetched: FetchedIncident[] = [];
  const setAside: SetAside[] = [];
  let calls = 0;
  let wanted = listTargets(page, have);
  for (let hop = 0; wanted.length > 0 && hop < MOST_HOPS; hop++) {
    const stored = await incidents.findVersions(tenantId, wanted);
    const isDone = (id: string) => stored.has(id) && stored.get(id)?.unpublished === undefined;
    const found: FetchedIncident[] = [];
    for (const incidentId of wanted.filter((id) => !isDone(id))) {
      calls++;
      const target = await attempt(() => getTarget(source, { tenantId, incidentId }));
      if ('problem' in target) {
        return { fetched: [...fetched, ...found], setAside, calls, trouble: target };
      }
      if ('reason' in target) setAside.push(target);
      else found.push(target);
    }
    for (const id of wanted) have.add(id);
    fetched.push(...found);
    wanted = listTargets(found, have);
  }
  return { fetched, setAside, calls, trouble: undefined };
}

/** What is wrong with this one incident alone must not hold up the tenant. */
async function getTarget(
  source: IncidentSource,
  key: { readonly tenantId: string; readonly incidentId: string },
): Promise<FetchedIncident | SetAside> {
  const { incidentId } = key;
  try {
    const target = await source.get(key, { alerts: false });
    return target ?? { incidentId, reason: 'redirect_missing' };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (error.problem === 'too_large') return { incidentId, reason: 'too_large' };
    if (error.problem !== 'malformed' && error.problem !== 'refused') throw error;
    return { incidentId, reason: 'malformed' };
  }
}

function listTargets(incidents: readonly FetchedIncident[], have: ReadonlySet<string>): string[] {
  const targets = incidents.flatMap(({ incident }) => incident.redirectIncidentId ?? []);
  return [...new Set(targets)].filter((id) => !have.has(id));
}
