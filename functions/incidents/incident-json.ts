import { toDedupKey } from '../../shared/incidents/dedup-key.ts';
import type { Incident } from '../../shared/incidents/incident.ts';

/** An incident as the API shows it, whichever API it was read from, with its page in the Defender portal. */
export function toIncidentJson(incident: Incident, portalUrl: string) {
  return {
    tenant_id: incident.tenantId,
    incident_id: incident.incidentId,
    source: incident.source,
    name: incident.name,
    severity: incident.severity,
    status: incident.status,
    classification: incident.classification,
    determination: incident.determination,
    assigned_to: incident.assignedTo,
    created_at: incident.createdAt,
    last_update_at: incident.lastUpdateAt,
    redirect_incident_id: incident.redirectIncidentId,
    tags: incident.tags,
    comments: incident.comments.map(({ comment, createdBy, createdAt }) => ({
      comment,
      created_by: createdBy,
      created_at: createdAt,
    })),
    alert_count: incident.alertCount,
    incident_url: `${portalUrl}/incidents/${incident.incidentId}?tid=${incident.tenantId}`,
    dedup_key: toDedupKey(incident),
  };
}
