import type { IncidentSourceName } from './incident.ts';

/**
 * The app roles of each API ("Permissions", Microsoft 365 Defender and Microsoft Graph); who may
 * write may read.
 */
export const INCIDENT_ROLES = {
  'defender-xdr': { read: 'Incident.Read.All', write: 'Incident.ReadWrite.All' },
  graph: { read: 'SecurityIncident.Read.All', write: 'SecurityIncident.ReadWrite.All' },
} as const satisfies Readonly<Record<IncidentSourceName, object>>;

/** What is done with an incident. */
export type IncidentNeed = 'read' | 'write';
