import type { IncidentPage, IncidentSource, SkippedRow } from '../incident-source.ts';
import type { IncidentStore } from '../incident-store.ts';
import type { WriteIncidents } from '../incident-writer.ts';
import { narrow, toUnreachable } from './fallback.ts';
import { fetchRedirects, type Redirects } from './redirects.ts';
import { chooseFallback, toStep } from './transitions.ts';
import { toQuery, type Walk, type WindowStep } from './walk.ts';
import { tryRequest, type WalkError } from './walk-error.ts';
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
  readonly step: WindowStep | { readonly moved: true } | WalkError;
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
  walk: Walk,
): Promise<PageOutcome> {
  const page = await tryRequest(() => parts.source.list(tenantId, toQuery(walk)));
  if ('problem' in page)
    return { isRead: false, read: [], changed: 0, calls: 1, ...chooseFallback(walk, page) };
  const { missingTargets } = walk;
  const redirects = await fetchRedirects(parts, tenantId, { page: page.incidents, missingTargets });
  const fetched = [...page.incidents, ...redirects.fetched];
  const written = await parts.write(tenantId, fetched);
  const { step, skipped } = goOn(walk, { page, redirects, pageSize: parts.source.pageSize });
  const isRead = !('problem' in step);
  const givenUp = isRead && walk.state === 'probing' ? [toUnreachable(walk.suspect)] : [];
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
  walk: Walk,
  { page, redirects, pageSize }: { page: IncidentPage; redirects: Redirects; pageSize: number },
): Pick<PageOutcome, 'step' | 'skipped'> {
  const { error, isCut } = redirects;
  if (error) return { step: error, skipped: [] };
  if (isCut) return { step: { next: withMissingTargets(walk, redirects) }, skipped: [] };
  if (page.isPartial) return { step: { problem: 'partial' }, skipped: [] };
  const step = toStep(walk, page, pageSize);
  const read = walk.state === 'probing' ? confirmProbe(walk) : walk;
  if ('stuck' in step) return narrow(read);
  return { step: 'moved' in step ? restartOrBisect(read) : step, skipped: [] };
}

/**
 * A list that moves is read anew in no order, and then in ever smaller windows: of one page,
 * nothing can slip.
 */
function restartOrBisect(walk: Walk): PageOutcome['step'] {
  if (walk.state !== 'unordered') return { next: restart(walk) };
  const next = bisect(walk);
  return next ? { next } : { moved: true };
}

/** As many as a page may lead to: the tenant's state is one row. */
const MAX_MISSING_TARGETS_COUNT = 100;

/** The same page once more: what it leads to is stored by then, or known to be gone. */
function withMissingTargets(walk: Walk, { skipped }: Redirects): Walk {
  const ids = skipped.flatMap(({ incidentId }) => incidentId ?? []);
  const read = walk.state === 'probing' ? confirmProbe(walk) : walk;
  return {
    ...read,
    missingTargets: [...walk.missingTargets, ...ids].slice(-MAX_MISSING_TARGETS_COUNT),
  };
}
