import { toDedupKey } from '../../shared/incidents/dedup-key.ts';
import type { Incident } from '../../shared/incidents/incident.ts';
import type { Raws } from '../../shared/incidents/list/included-raws.ts';
import type { INCLUDES } from './incident-query.ts';

/**
 * An incident as the API shows it, whichever API it was read from, with its page in the Defender
 * portal.
 */
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

/**
 * An incident of a list, with what was asked for besides; `null`: it is left out, being over 1 MiB.
 */
export function toListedJson(
  incident: Incident,
  { portalUrl, raws, include = [], names }: ListedOptions,
) {
  const raw = raws.get(incident);
  const json = include.length === 0 || raw === undefined ? null : parseRaw(raw);
  return {
    ...toIncidentJson(incident, portalUrl),
    tenant_name: names?.get(incident.tenantId),
    ...(include.includes('raw') && { raw: json }),
    ...(include.includes('alerts') && { alerts: Array.isArray(json?.alerts) ? json.alerts : null }),
  };
}

/** What a list was asked for. */
interface ListedOptions {
  readonly portalUrl: string;
  readonly raws: Raws;
  /** The names of tenants by GUID. */
  readonly names?: ReadonlyMap<string, string>;
  readonly include?: readonly (typeof INCLUDES)[number][] | undefined;
}

/** Stored JSON is an incident of Microsoft's; its alerts are a list, or something that is none. */
function parseRaw(raw: string): { readonly alerts?: unknown } {
  return JSON.parse(raw);
}
