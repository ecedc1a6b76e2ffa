import type { FetchedIncident, IncidentKey } from '../incident.ts';
import type { IncidentSource, SkippedRow } from '../incident-source.ts';
import type { IncidentStore } from '../incident-store.ts';
import { fetchOne } from './fetch-one.ts';
import { tryRequest, type WalkError } from './walk-error.ts';

/** A merged incident can be merged again; longer chains are a circle. */
const MAX_HOPS = 5;

/**
 * Requests for one page, and how long they may go on in milliseconds: there is a quota, and a lease
 * on the tenant.
 */
const MAX_CALLS = 20;
const MAX_REDIRECTS_MS = 30_000;

/** What was found behind redirections. */
export interface Redirects {
  /**
   * Whole chains of merges, the last target of each first: whoever has one has what it leads to.
   */
  readonly fetched: readonly FetchedIncident[];
  readonly skipped: readonly SkippedRow[];
  /** Requests to the API. */
  readonly calls: number;
  /** What kept the rest from being asked for … */
  readonly error: WalkError | undefined;
  /**
   * … or there is more than can be asked for at once: when this is stored, the page has to be read
   * again.
   */
  readonly isCut: boolean;
}

interface Parts {
  readonly source: IncidentSource;
  readonly incidents: Pick<IncidentStore, 'findVersions'>;
  readonly now: () => number;
}

/**
 * The incidents that others were merged into, where neither the page nor the store has them. One
 * that is stored but perhaps not in the feed is asked for again, since no list may ever bring it.
 */
export async function fetchRedirects(
  parts: Parts,
  tenantId: string,
  { page, missingTargets }: { page: readonly FetchedIncident[]; missingTargets: readonly string[] },
): Promise<Redirects> {
  const have = new Set([...page.map(({ incident }) => incident.incidentId), ...missingTargets]);
  const fetched: FetchedIncident[] = [];
  const skipped: SkippedRow[] = [];
  const until = parts.now() + MAX_REDIRECTS_MS;
  let calls = 0;
  for (const incidentId of await findMissing(parts, tenantId, listTargets(page, have))) {
    if (have.has(incidentId)) continue;
    const isCut = calls >= MAX_CALLS || parts.now() > until;
    if (isCut) return { fetched, skipped, calls, error: undefined, isCut };
    const chain = await fetchChain(parts, { tenantId, incidentId }, have);
    calls += chain.calls;
    if (chain.error) return { fetched, skipped, calls, error: chain.error, isCut };
    fetched.push(...chain.fetched.toReversed());
    skipped.push(...chain.skipped);
    for (const one of chain.fetched) have.add(one.incident.incidentId);
  }
  return { fetched, skipped, calls, error: undefined, isCut: false };
}

/** A target and what it was merged into itself, in this order. */
async function fetchChain(
  parts: Parts,
  first: IncidentKey,
  have: ReadonlySet<string>,
): Promise<Omit<Redirects, 'isCut'>> {
  const fetched: FetchedIncident[] = [];
  const skipped: SkippedRow[] = [];
  const seen = new Set([...have, first.incidentId]);
  let next: IncidentKey | undefined = first;
  let calls = 0;
  while (next && calls < MAX_HOPS) {
    const key: IncidentKey = next;
    calls++;
    const target = await tryRequest(() => fetchOne(parts.source, key));
    if ('problem' in target) return { fetched, skipped, calls, error: target };
    if ('reason' in target) return { fetched, skipped: [target], calls, error: undefined };
    fetched.push(target);
    const [incidentId] = await findMissing(parts, key.tenantId, listTargets([target], seen));
    next = incidentId === undefined ? undefined : { ...key, incidentId };
    seen.add(incidentId ?? '');
  }
  return { fetched, skipped, calls, error: undefined };
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
