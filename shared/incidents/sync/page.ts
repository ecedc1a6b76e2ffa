import { BrokerError } from '../../errors.ts';
import { type IncidentSource, type SetAside, SourceError } from '../incident-source.ts';
import type { IncidentStore } from '../incident-store.ts';
import type { WriteIncidents } from '../incident-writer.ts';
import { type Step, toStep } from './paging.ts';
import { fetchRedirects } from './redirects.ts';
import { toBeyond, toQuery, toSmaller, toSmallerPages } from './scan.ts';
import type { Scan, SyncFailure } from './sync-state.ts';

/** What a page is read from and written to. */
export interface PageParts {
  readonly source: IncidentSource;
  readonly incidents: IncidentStore;
  readonly write: WriteIncidents;
}

/** A request that brought nothing and that only waiting can help. */
export interface Trouble {
  readonly problem: SyncFailure['problem'];
  readonly retryAfterMs?: number | undefined;
}

/** What became of one page; what it changed is stored already. */
export interface PageOutcome {
  readonly step: Step | Trouble;
  readonly changed: number;
  readonly setAside: readonly SetAside[];
  /** Requests to the API. */
  readonly calls: number;
}

/** Half of a minute's quota: the targets of a page that need more are read with smaller pages, or never all at once. */
const MOST_TARGETS = 25;

/** Reads the next page of a walk and stores what is news in it. Rejects only when storage does not answer. */
export async function syncPage(
  parts: PageParts,
  tenantId: string,
  scan: Scan,
): Promise<PageOutcome> {
  const { source, spent } = countCalls(parts.source);
  const page = await attempt(() => source.list(tenantId, toQuery(scan)));
  if ('problem' in page) return { changed: 0, calls: spent(), ...avoid(scan, page) };
  const most = scan.top > 1 ? MOST_TARGETS : Number.POSITIVE_INFINITY;
  const follow = { source, incidents: parts.incidents, most };
  const redirects = await attempt(
    async () => (await fetchRedirects(follow, tenantId, page.incidents)) ?? ('too_many' as const),
  );
  const untouched = { changed: 0, setAside: [], calls: spent() };
  if (redirects === 'too_many') return { ...untouched, ...avoidSize(scan) };
  if ('problem' in redirects) return { ...untouched, step: redirects };
  const written = await parts.write(tenantId, [...page.incidents, ...redirects.fetched]);
  return {
    step: page.isPartial ? { problem: 'partial' } : toStep(scan, page),
    changed: written.changed,
    setAside: [...page.setAside, ...redirects.setAside, ...written.setAside],
    calls: spent(),
  };
}

function countCalls({ list, get, ...source }: IncidentSource) {
  let calls = 0;
  const counted = <A extends unknown[], R>(call: (...args: A) => R) => {
    return (...args: A): R => {
      calls++;
      return call(...args);
    };
  };
  return { source: { ...source, list: counted(list), get: counted(get) }, spent: () => calls };
}

/** A list that can't be read in one way may be readable in another. */
function avoid(scan: Scan, trouble: Trouble): Pick<PageOutcome, 'step' | 'setAside'> {
  switch (trouble.problem) {
    case 'too_large':
      return avoidSize(scan);
    case 'refused':
      return scan.skip > 0 || scan.link !== undefined
        ? avoidDepth(scan)
        : { step: trouble, setAside: [] };
    default:
      return { step: trouble, setAside: [] };
  }
}

function avoidSize(scan: Scan): Pick<PageOutcome, 'step' | 'setAside'> {
  const smaller = toSmallerPages(scan);
  if (smaller) return { step: { next: smaller }, setAside: [] };
  const setAside = [{ incidentId: undefined, reason: 'too_large' }] as const;
  return { step: { next: { ...scan, skip: scan.skip + 1 } }, setAside };
}

/** `$skip` and links end somewhere: then the window is halved, and an instant that can't be halved is stepped over. */
function avoidDepth(scan: Scan): Pick<PageOutcome, 'step' | 'setAside'> {
  const smaller = toSmaller(scan);
  if (smaller) return { step: smaller, setAside: [] };
  const setAside = [{ incidentId: undefined, reason: 'unreachable' }] as const;
  return { step: toBeyond(scan), setAside };
}

/** A token that can't be had is the tenant's trouble too: its status says the rest. */
async function attempt<T>(work: () => Promise<T>): Promise<T | Trouble> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SourceError) {
      return { problem: error.problem, retryAfterMs: error.retryAfterMs };
    }
    if (!(error instanceof BrokerError)) throw error;
    const { retryAfterSeconds } = error.details;
    return {
      problem: 'no_token',
      retryAfterMs: retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000,
    };
  }
}
