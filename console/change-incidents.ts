import type { Incident } from '../docs/client/broker-api.ts';
import { call, toProblem } from './api.ts';

/** What is to be changed; an empty text leaves the field as it is. */
export interface Changes {
  readonly status: string;
  readonly assigned_to: string;
  readonly classification: string;
  readonly determination: string;
  readonly comment: string;
}

/** What became of one incident. `unknown`: the answer got lost, so it may have been changed. */
export type Result =
  | { readonly kind: 'waiting' | 'running' | 'changed' | 'unchanged' }
  | { readonly kind: 'failed' | 'unknown'; readonly text: string };

/**
 * Changes incidents one after the other. Each is read again from Microsoft first; one that somebody
 * changed to the same status meanwhile is left alone. A change is never sent twice: where the
 * answer got lost, the result says so.
 */
export async function changeIncidents(
  incidents: readonly Incident[],
  changes: Changes,
  report: (results: ReadonlyMap<Incident, Result>) => void,
): Promise<ReadonlyMap<Incident, Result>> {
  const results = new Map<Incident, Result>(
    incidents.map((incident) => [incident, { kind: 'waiting' }]),
  );
  const note = (incident: Incident, result: Result) => {
    results.set(incident, result);
    report(new Map(results));
  };
  for (const incident of incidents) {
    note(incident, { kind: 'running' });
    note(incident, await changeOne(incident, changes));
  }
  return results;
}

async function changeOne(incident: Incident, changes: Changes): Promise<Result> {
  const params = { tenant: incident.tenant_id, id: incident.incident_id };
  const body = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== ''));
  try {
    const now = await call('getIncident', { params, query: { include: 'alerts' } });
    if (isAlready(now, body)) return { kind: 'unchanged' };
  } catch (error) {
    return toFailed(error);
  }
  try {
    await call('patchIncident', { params, body });
    return { kind: 'changed' };
  } catch (error) {
    const { isUncertain, title, remedy } = toProblem(error);
    const text = `${title} ${remedy}`;
    return { kind: isUncertain ? 'unknown' : 'failed', text };
  }
}

/** Whether everything that was asked for is there; a comment always adds something. */
function isAlready(incident: Incident, body: Readonly<Record<string, string>>): boolean {
  const { comment, ...fields } = body;
  const current: Readonly<Record<string, unknown>> = { ...incident };
  return (
    comment === undefined && Object.entries(fields).every(([key, value]) => current[key] === value)
  );
}

function toFailed(error: unknown): Result {
  const { title, remedy } = toProblem(error);
  return { kind: 'failed', text: `${title} ${remedy}` };
}
