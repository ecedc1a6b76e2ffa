import type { FetchedIncident, IncidentKey } from '../incident.ts';
import { type IncidentSource, type SkippedRow, SourceError } from '../incident-source.ts';

/**
 * One incident by its id, or why it can't be had: what is wrong with it alone must not hold up the
 * tenant.
 */
export async function fetchOne(
  source: IncidentSource,
  key: IncidentKey,
): Promise<FetchedIncident | SkippedRow> {
  const { incidentId } = key;
  try {
    const one = await source.get(key, { alerts: false });
    return one ?? { incidentId, reason: 'redirect_missing' };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (error.problem === 'too_large') return { incidentId, reason: 'too_large' };
    if (error.problem !== 'malformed' && error.problem !== 'refused') throw error;
    return { incidentId, reason: 'malformed' };
  }
}
