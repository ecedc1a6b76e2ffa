import type { FetchedIncident } from '../incident.ts';
import type { IncidentSource, SetAside } from '../incident-source.ts';
import type { IncidentStore } from '../incident-store.ts';

/** A merged incident can be merged again; longer chains are a circle. */
const MOST_HOPS = 5;

/** What was found behind redirections. */
export interface Redirects {
  readonly fetched: readonly FetchedIncident[];
  readonly setAside: readonly SetAside[];
  /** Requests to the API. */
  readonly calls: number;
}

/**
 * The incidents that others were merged into, where neither the page nor the store has them. It is asked before the
 * page is stored, so that a crash leaves nothing half followed.
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
    const found: FetchedIncident[] = [];
    for (const incidentId of wanted.filter((id) => !stored.has(id))) {
      const target = await source.get({ tenantId, incidentId }, { alerts: false });
      calls++;
      if (target) found.push(target);
      else setAside.push({ incidentId, reason: 'redirect_missing' });
    }
    for (const id of wanted) have.add(id);
    fetched.push(...found);
    wanted = listTargets(found, have);
  }
  return { fetched, setAside, calls };
}

function listTargets(incidents: readonly FetchedIncident[], have: ReadonlySet<string>): string[] {
  const targets = incidents.flatMap(({ incident }) => incident.redirectIncidentId ?? []);
  return [...new Set(targets)].filter((id) => !have.has(id));
}
