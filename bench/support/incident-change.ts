import type { IncidentChange } from '../../shared/incidents/feed/change-feed.ts';
import { toInstant } from '../../shared/incidents/instant.ts';

/** A change of an incident as analysts leave it: named, assigned, tagged and commented on. */
export function makeChange(index: number): IncidentChange {
  const createdAt = toInstant(Date.UTC(2026, 10, 1) + index);
  const incident = {
    tenantId: '5b2f7c1e-90d4-4c6b-8a51-3f1e6a7d2b90',
    incidentId: String(900_000 + index),
    source: 'defender-xdr',
    name: `Multi-stage incident involving Initial access & Lateral movement, number ${index}`,
    severity: 'high',
    status: 'active',
    classification: 'unknown',
    determination: 'unknown',
    assignedTo: 'analyst@partner.example',
    createdAt,
    lastUpdateAt: createdAt,
    redirectIncidentId: undefined,
    tags: ['gold', 'ransomware'],
    comments: [{ comment: 'Being looked at.', createdBy: 'analyst@partner.example', createdAt }],
    alertCount: 7,
  } as const;
  return { kind: 'updated', incident, recordedAt: Date.UTC(2026, 10, 1) + index };
}
