import type { IncidentPage, IncidentSource, SkippedRow } from '../incident-source.ts';
import type { IncidentStore } from '../incident-store.ts';
import type { WriteIncidents } from '../incident-writer.ts';
import { narrow, toUnreachable } from './fallback.ts';
import { fetchRedirects, type Redirects } from './redirects.ts';
import { type Scan, toQuery, type WindowStep } from './scan.ts';
import { type ScanError, tryRequest } from './scan-error.ts';
import { chooseFallback, toStep } from './transitions.ts';
import { bisect, confirmProbe, restart } from './windows.ts';

/** What a page is read from and written to. */
interface PageParts {
  readonly source: IncidentSource;
  readonly incidents: IncidentStore;
  readonly write: WriteIncidents;
  readonly now: () => number;
}

/** What became of one page; what it changed is stored already. */
export interface PageOutcome {
  readonly step: WindowStep | { readonly moved: true } | ScanError;
  /** The page was read, whatever follows; else it is avoided, or waited for. */
  readonly isRead: boolean;
  /** The ids of the incidents that were read. */
  readonly read: readonly string[];
  readonly changed: number;
  readonly skipped: readonly SkippedRow[];
  /** Requests to the API. */
  readonly calls: number;
}

/**
 * Reads the next page of a walk and stores what is news in it. Rejects only when storage does not
 * answer.
 */
export async function syncPage(
  parts: PageParts,
  tenantId: string,
  scan: Scan,
): Promise<PageOutcome> {
  const page = await tryRequest(() => parts.source.list(tenantId, toQuery(scan)));
  if ('problem' in page)
    return { isRead: false, read: [], changed: 0, calls: 1, ...chooseFallback(scan, page) };
  const { gone } = scan;
  const redirects = await fetchRedirects(parts, tenantId, { page: page.incidents, gone });
  const fetched = [...page.incidents, ...redirects.fetched];
  const written = await parts.write(tenantId, fetched);
  const { step, skipped } = goOn(scan, { page, redirects, pageSize: parts.source.pageSize });
  const isRead = !('problem' in step);
  const givenUp = isRead && scan.state === 'probing' ? [toUnreachable(scan.suspect)] : [];
  return {
    step,
    isRead,
    read: fetched.map(({ incident }) => incident.incidentId),
    changed: written.changed,
    skipped: [page, redirects, written].flatMap((one) => one.skipped).concat(skipped, givenUp),
    calls: 1 + redirects.calls,
  };
}

/**
 * What is stored stays stored, but a page counts only when it and all that it leads to was read.
 */
function goOn(
  scan: Scan,
  { page, redirects, pageSize }: { page: IncidentPage; redirects: Redirects; pageSize: number },
): Pick<PageOutcome, 'step' | 'skipped'> {
  const { error, isCut } = redirects;
  if (error) return { step: error, skipped: [] };
  if (isCut) return { step: { next: withGone(scan, redirects) }, skipped: [] };
  if (page.isPartial) return { step: { problem: 'partial' }, skipped: [] };
  const step = toStep(scan, page, pageSize);
  const read = scan.state === 'probing' ? confirmProbe(scan) : scan;
  if ('stuck' in step) return narrow(read);
  return { step: 'moved' in step ? restartOrBisect(read) : step, skipped: [] };
}

/**
 * A list that moves is read anew in no order, and then in ever smaller windows: of one page,
 * nothing can slip.
 */
function restartOrBisect(scan: Scan): PageOutcome['step'] {
  if (scan.state !== 'unordered') return { next: restart(scan) };
  const next = bisect(scan);
  return next ? { next } : { moved: true };
}

/** As many as a page may lead to: the tenant's state is one row. */
const MAX_GONE_COUNT = 100;

/** The same page once more: what it leads to is stored by then, or known to be gone. */
function withGone(scan: Scan, { skipped }: Redirects): Scan {
  const ids = skipped.flatMap(({ incidentId }) => incidentId ?? []);
  const read = scan.state === 'probing' ? confirmProbe(scan) : scan;
  return { ...read, gone: [...scan.gone, ...ids].slice(-MAX_GONE_COUNT) };
}
