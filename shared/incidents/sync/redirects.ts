import type { FetchedIncident } from '../incident.ts';
import type { IncidentSource, SetAside } from '../incident-source.ts';
import type { IncidentStore } from '../incident-store.ts';

/** A merged incident can be merged again; longer chains are a circle. */
const MOST_HOPS = 5;

/** What was found behind redirections. */
export interface Redirects {
  readonly fetched: readonly FetchedIncident[];
  readonly setAside: readonly SetAside[];
}

/**
 * The incidents that others were merged into, where neither the page nor the store has them. It is asked before the
 * page is stored, so that a crash leaves nothing half followed. `undefined`: it takes more than `most` requests.
 */
export async function fetchRedirects(
  { source, incidents, most }: { source: IncidentSource; incidents: IncidentStore; most: number },
  tenantId: string,
  page: readonly FetchedIncident[],
): Promise<Redirects | undefined> {
  const have = new Set(page.map(({ incident }) => incident.incidentId));
  const fetched: FetchedIncident[] = [];
  const setAside: SetAside[] = [];
  let left = most;
  let wanted = listTargets(page, have);
  for (let hop = 0; wanted.length > 0 && hop < MOST_HOPS; hop++) {
    const stored = await incidents.findVersions(tenantId, wanted);
    const missing = wanted.filter((id) => !stored.has(id));
    left -= missing.length;
    if (left < 0) return undefined;
    const found: FetchedIncident[] = [];
    for (const incidentId of missing) {
      const target = await source.get({ tenantId, incidentId }, { alerts: false });
      if (target) found.push(target);
      else setAside.push({ incidentId, reason: 'redirect_missing' });
    }
    for (const id of wanted) have.add(id);
    fetched.push(...found);
    wanted = listTargets(found, have);
  }
  return { fetched, setAside };
}

function listTargets(incidents: readonly FetchedIncident[], have: ReadonlySet<string>): string[] {
  const targets = incidents.flatMap(({ incident }) => incident.redirectIncidentId ?? []);
  return [...new Set(targets)].filter((id) => !have.has(id));
}
