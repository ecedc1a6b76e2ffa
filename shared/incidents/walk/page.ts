import type { IncidentPage, IncidentSource, SetAside } from '../incident-source.ts';
import type { IncidentStore } from '../incident-store.ts';
import type { WriteIncidents } from '../incident-writer.ts';
import { toStep } from './paging.ts';
import { fetchRedirects, type Redirects } from './redirects.ts';
import {
  isFirstPage,
  type Scan,
  toBeginning,
  toBelow,
  toBeyond,
  toQuery,
  toSmaller,
  toSmallerPage,
  type WindowStep,
} from './scan.ts';
import { attempt, type Trouble } from './trouble.ts';

/** What a page is read from and written to. */
export interface PageParts {
  readonly source: IncidentSource;
  readonly incidents: IncidentStore;
  readonly write: WriteIncidents;
  readonly now: () => number;
}

/** What became of one page; what it changed is stored already. */
export interface PageOutcome {
  readonly step: WindowStep | { readonly moved: true } | Trouble;
  readonly changed: number;
  readonly setAside: readonly SetAside[];
  /** Requests to the API. */
  readonly calls: number;
}

/** Reads the next page of a walk and stores what is news in it. Rejects only when storage does not answer. */
export async function syncPage(
  parts: PageParts,
  tenantId: string,
  scan: Scan,
): Promise<PageOutcome> {
  const page = await attempt(() => parts.source.list(tenantId, toQuery(scan)));
  if ('problem' in page) return { changed: 0, calls: 1, ...avoid(scan, page) };
  const { gone } = scan;
  const redirects = await fetchRedirects(parts, tenantId, { page: page.incidents, gone });
  const written = await parts.write(tenantId, [...page.incidents, ...redirects.fetched]);
  const { step, setAside } = goOn(scan, { page, redirects, pageSize: parts.source.pageSize });
  return {
    step,
    changed: written.changed,
    setAside: [...page.setAside, ...redirects.setAside, ...written.setAside, ...setAside],
    calls: 1 + redirects.calls,
  };
}

type Next = Pick<PageOutcome, 'step' | 'setAside'>;

/** What is stored stays stored, but a page counts only when it and all that it leads to was read. */
function goOn(
  scan: Scan,
  { page, redirects, pageSize }: { page: IncidentPage; redirects: Redirects; pageSize: number },
): Next {
  const { trouble, isCut } = redirects;
  if (trouble) return { step: trouble, setAside: [] };
  if (isCut) return { step: { next: withGone(scan, redirects) }, setAside: [] };
  if (page.isPartial) return { step: { problem: 'partial' }, setAside: [] };
  const step = toStep(scan, page, pageSize);
  if ('stuck' in step) return avoidDepth(scan);
  return { step: 'moved' in step ? toCalmer(scan) : step, setAside: [] };
}

/** A list that moves is read anew in no order, and then in ever smaller windows: of one page, nothing can slip. */
function toCalmer(scan: Scan): PageOutcome['step'] {
  if (scan.order !== 'none') return { next: toBeginning(scan) };
  return toSmaller(scan) ?? { moved: true };
}

/** As many as a page may lead to: the tenant's state is one row. */
const MOST_GONE = 100;

/** The same page once more: what it leads to is stored by then, or known to be gone. */
function withGone(scan: Scan, { setAside }: Redirects): Scan {
  const ids = setAside.flatMap(({ incidentId }) => incidentId ?? []);
  return { ...scan, gone: [...scan.gone, ...ids].slice(-MOST_GONE) };
}

/** A list that can't be read in one way may be readable in another. */
function avoid(scan: Scan, trouble: Trouble): Next {
  switch (trouble.problem) {
    case 'too_large':
      return scan.link === undefined ? avoidSize(scan) : avoidDepth(scan);
    case 'refused':
      return isFirstPage(scan) ? { step: trouble, setAside: [] } : avoidDepth(scan);
    default:
      return { step: trouble, setAside: [] };
  }
}

/** Single incidents on end that are too large to be read. */
const MOST_TOO_LARGE = 20;

function avoidSize(scan: Scan): Next {
  const smaller = toSmallerPage(scan);
  if (smaller) return { step: { next: smaller }, setAside: [] };
  const setAside = [{ incidentId: undefined, reason: 'too_large' }] as const;
  const hops = scan.hops + 1;
  // So many in a row are no incidents: the list pays no heed to `$skip`.
  if (hops > MOST_TOO_LARGE) return { step: { problem: 'too_large' }, setAside };
  return { step: { next: { ...scan, skip: scan.skip + 1, hops } }, setAside };
}

/**
 * `$skip` and links end somewhere: then the list goes on below what was read if it is ordered, or else the window is
 * halved; an instant that can't be halved is stepped over.
 */
function avoidDepth(scan: Scan): Next {
  const below = scan.link === undefined ? toBelow(scan) : undefined;
  if (below) return { step: { next: below }, setAside: [] };
  const smaller = toSmaller(scan);
  if (smaller) return { step: smaller, setAside: [] };
  const setAside = [{ incidentId: undefined, reason: 'unreachable' }] as const;
  return { step: toBeyond(scan), setAside };
}
