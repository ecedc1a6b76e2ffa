import type { FetchedIncident, IncidentKey } from '../incident.ts';
import { type IncidentSource, type SetAside, SourceError } from '../incident-source.ts';
import type { IncidentStore } from '../incident-store.ts';
import { type ScanError, tryRequest } from './scan-error.ts';

/** A merged incident can be merged again; longer chains are a circle. */
const MAX_HOPS = 5;

/** Requests for one page, and how long they may go on in milliseconds: there is a quota, and a lease on the tenant. */
const MAX_CALLS = 20;
const MAX_REDIRECTS_MS = 30_000;

/** What was found behind redirections. */
export interface Redirects {
  /** Whole chains of merges, the last target of each first: whoever has one has what it leads to. */
  readonly fetched: readonly FetchedIncident[];
  readonly setAside: readonly SetAside[];
  /** Requests to the API. */
  readonly calls: number;
  /** What kept the rest from being asked for … */
  readonly error: ScanError | undefined;
  /** … or there is more than can be asked for at once: when this is stored, the page has to be read again. */
  readonly isCut: boolean;
}

interface Parts {
  readonly source: IncidentSource;
  readonly incidents: Pick<IncidentStore, 'findVersions'>;
  readonly now: () => number;
}

/**
 * The incidents that others were merged into, where neither the page nor the store has them. One that is stored but
 * perhaps not in the feed is asked for again, since no list may ever bring it.
 */
export async function fetchRedirects(
  parts: Parts,
  tenantId: string,
  { page, gone }: { page: readonly FetchedIncident[]; gone: readonly string[] },
): Promise<Redirects> {
  const have = new Set([...page.map(({ incident }) => incident.incidentId), ...gone]);
  const fetched: FetchedIncident[] = [];
  const setAside: SetAside[] = [];
  const until = parts.now() + MAX_REDIRECTS_MS;
  let calls = 0;
  for (const incidentId of await findMissing(parts, tenantId, listTargets(page, have))) {
    if (have.has(incidentId)) continue;
    const isCut = calls >= MAX_CALLS || parts.now() > until;
    if (isCut) return { fetched, setAside, calls, error: undefined, isCut };
    const chain = await fetchChain(parts, { tenantId, incidentId }, have);
    calls += chain.calls;
    if (chain.error) return { fetched, setAside, calls, error: chain.error, isCut };
    fetched.push(...chain.fetched.toReversed());
    setAside.push(...chain.setAside);
    for (const one of chain.fetched) have.add(one.incident.incidentId);
  }
  return { fetched, setAside, calls, error: undefined, isCut: false };
}

/** A target and what it was merged into itself, in this order. */
async function fetchChain(
  parts: Parts,
  first: IncidentKey,
  have: ReadonlySet<string>,
): Promise<Omit<Redirects, 'isCut'>> {
  const fetched: FetchedIncident[] = [];
  const setAside: SetAside[] = [];
  const seen = new Set([...have, first.incidentId]);
  let next: IncidentKey | undefined = first;
  let calls = 0;
  while (next && calls < MAX_HOPS) {
    const key: IncidentKey = next;
    calls++;
    const target = await tryRequest(() => getTarget(parts.source, key));
    if ('problem' in target) return { fetched, setAside, calls, error: target };
    if ('reason' in target) return { fetched, setAside: [target], calls, error: undefined };
    fetched.push(target);
    const [incidentId] = await findMissing(parts, key.tenantId, listTargets([target], seen));
    next = incidentId === undefined ? undefined : { ...key, incidentId };
    seen.add(incidentId ?? '');
  }
  return { fetched, setAside, calls, error: undefined };
}

/** What is wrong with this one incident alone must not hold up the tenant. */
async function getTarget(
  source: IncidentSource,
  key: IncidentKey,
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

async function findMissing(
  { incidents }: Parts,
  tenantId: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return ids;
  const stored = await incidents.findVersions(tenantId, ids);
  return ids.filter((id) => !stored.has(id) || stored.get(id)?.unpublished !== undefined);
}

function listTargets(incidents: readonly FetchedIncident[], have: ReadonlySet<string>): string[] {
  const targets = incidents.flatMap(({ incident }) => incident.redirectIncidentId ?? []);
  return [...new Set(targets)].filter((id) => !have.has(id));
}
