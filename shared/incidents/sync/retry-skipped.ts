import type { IncidentSource } from '../incident-source.ts';
import type { WriteIncidents } from '../incident-writer.ts';
import { fetchOne } from '../walk/fetch-one.ts';
import { tryRequest } from '../walk/walk-error.ts';
import { type Calls, spend, toWait } from './budget.ts';
import { listRetries, postpone, type SkippedIncident } from './skipped.ts';

/**
 * Fetches of one run, and how long they may go on in milliseconds: there is a quota, and a lease on
 * the tenant.
 */
const MAX_RETRIES = 10;
const MAX_RETRIES_MS = 30_000;

/** What trying again brought. */
interface SkippedRetry {
  readonly skipped: readonly SkippedIncident[];
  readonly changed: number;
  readonly calls: Calls;
}

/**
 * Fetches skipped incidents by their ids, those whose turn it is. One that can be read now is
 * stored, one that Microsoft does not have any more is forgotten, one that still can't be read
 * waits longer. Rejects only when storage does not answer.
 */
export async function retrySkipped(
  { source, write, now }: { source: IncidentSource; write: WriteIncidents; now: () => number },
  tenantId: string,
  before: Omit<SkippedRetry, 'changed'>,
): Promise<SkippedRetry> {
  const until = now() + MAX_RETRIES_MS;
  const outcomes = new Map<string, SkippedIncident | undefined>();
  let { calls } = before;
  let changed = 0;
  for (const { incidentId, ...one } of listRetries(before.skipped, now()).slice(0, MAX_RETRIES)) {
    if (now() > until || toWait(calls, now()) > 0) break;
    calls = spend(calls, now());
    const found = await tryRequest(() => fetchOne(source, { tenantId, incidentId }));
    if ('problem' in found) break;
    if ('incident' in found) changed += (await write(tenantId, [found])).changed;
    const isStillMissing = 'reason' in found && found.reason !== 'redirect_missing';
    const next = isStillMissing ? postpone({ ...one, incidentId }, found.reason, now()) : undefined;
    outcomes.set(incidentId, next);
  }
  return { skipped: before.skipped.flatMap((one) => toOutcome(one, outcomes)), changed, calls };
}

function toOutcome(
  one: SkippedIncident,
  outcomes: ReadonlyMap<string, SkippedIncident | undefined>,
): readonly SkippedIncident[] {
  const { incidentId } = one;
  if (incidentId === undefined || !outcomes.has(incidentId)) return [one];
  const next = outcomes.get(incidentId);
  return next ? [next] : [];
}
