import type { Incident } from '../../shared/incidents/incident.ts';
import type { IncidentWrite } from '../../shared/incidents/incident-store.ts';
import { findInstant, type Instant } from '../../shared/incidents/instant.ts';
import { TENANT } from './tokens.ts';

/** An instant that is known to be one. */
export function at(text: string): Instant {
  const instant = findInstant(text);
  if (!instant) throw new Error('That is no instant.');
  return instant;
}

/** A made-up incident. */
export function makeIncident(changes: Partial<Incident> = {}): Incident {
  return {
    tenantId: TENANT,
    incidentId: '924565',
    source: 'defender-xdr',
    name: 'Multi-stage incident on one endpoint',
    severity: 'high',
    status: 'active',
    classification: 'unknown',
    determination: 'unknown',
    assignedTo: undefined,
    createdAt: at('2026-11-20T08:00:00.1234567Z'),
    lastUpdateAt: at('2026-11-21T08:00:00.7654321Z'),
    redirectIncidentId: undefined,
    tags: ['gold'],
    comments: [{ comment: 'Seen.', createdBy: 'secop@contoso.example', createdAt: undefined }],
    alertCount: 2,
    ...changes,
  };
}

/** A made-up write of an incident that is not stored yet. */
export function makeWrite(
  changes: Partial<Incident> = {},
  write: Partial<IncidentWrite> = {},
): IncidentWrite {
  const incident = makeIncident(changes);
  const raw = JSON.stringify({ incidentId: Number(incident.incidentId), alerts: [] });
  return {
    incident,
    raw,
    contentHash: 'c1',
    rawHash: 'r1',
    kind: 'created',
    seen: undefined,
    ...write,
  };
}
