import type { Incident } from '../incident.ts';
import type { IncidentStore } from '../incident-store.ts';
import { notFound } from './refusal.ts';

/** The incident that a path names, whose id is written in digits alone; 404 when there is none. */
export function getIncident(
  incidents: IncidentStore,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
): Incident {
  const incident = /^[1-9]\d*$/.test(id)
    ? incidents.findIncident({ tenantId, incidentId: Number(id) })
    : undefined;
  if (!incident) throw notFound(`Incident ${id} was not found.`);
  return incident;
}
