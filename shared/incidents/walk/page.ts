import type { IncidentPage, IncidentSource, SetAside } from '../incident-source.ts';
import type { IncidentStore } from '../incident-store.ts';
import type { WriteIncidents } from '../incident-writer.ts';
import { avoid, goAround, UNREACHABLE } from './detour.ts';
import { toStep } from './paging.ts';
import { fetchRedirects, type Redirects } from './redirects.ts';
import { type Scan, toBeginning, toQuery, toSmaller, type WindowStep } from './scan.ts';
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
  /** The page was read, whatever follows; else it is avoided, or waited for. */
  readonly isRead: boolean;
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
  if ('problem' in page) return { isRead: false, changed: 0, calls: 1, ...avoid(scan, page) };
  const { gone } = scan;
  const redirects = await fetchRedirects(parts, tenantId, { page: page.incidents, gone });
  const written = await parts.write(tenantId, [...page.incidents, ...redirects.fetched]);
  const sure = { ...scan, doubted: undefined };
  const { step, setAside } = goOn(sure, { page, redirects, pageSize: parts.source.pageSize });
  const isRead = !('problem' in step);
  const givenUp = isRead && scan.doubted !== undefined ? UNREACHABLE : [];
  return {
    step,
    isRead,
    changed: written.changed,
    setAside: [page, redirects, written].flatMap((one) => one.setAside).concat(setAside, givenUp),
    calls: 1 + redirects.calls,
  };
}

/** What is stored stays stored, but a page counts only when it and all that it leads to was read. */
function goOn(
  scan: Scan,
  { page, redirects, pageSize }: { page: IncidentPage; redirects: Redirects; pageSize: number },
): Pick<PageOutcome, 'step' | 'setAside'> {
  const { trouble, isCut } = redirects;
  if (trouble) return { step: trouble, setAside: [] };
  if (isCut) return { step: { next: withGone(scan, redirects) }, setAside: [] };
  if (page.isPartial) return { step: { problem: 'partial' }, setAside: [] };
  const step = toStep(scan, page, pageSize);
  if ('stuck' in step) return goAround(scan);
  return { step: 'moved' in step ? toCalmer(scan) : step, setAside: [] };
}

/** A list that moves is read anew in no order, and then in ever smaller windows: of one page, nothing can slip. */
function toCalmer(scan: Scan): PageOutcome['step'] {
  if (scan.order !== 'none') return { next: toBeginning(scan) };
  const next = toSmaller(scan);
  return next ? { next } : { moved: true };
}

/** As many as a page may lead to: the tenant's state is one row. */
const MOST_GONE = 100;

/** The same page once more: what it leads to is stored by then, or known to be gone. */
function withGone(scan: Scan, { setAside }: Redirects): Scan {
  const ids = setAside.flatMap(({ incidentId }) => incidentId ?? []);
  return { ...scan, gone: [...scan.gone, ...ids].slice(-MOST_GONE) };
}
