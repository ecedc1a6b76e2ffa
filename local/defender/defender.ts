import { randomUUID } from 'node:crypto';
import { answerList, type List, type ListSettings } from './http/list.ts';
import { getIncident } from './http/lookup.ts';
import type { FilterFields } from './http/odata.ts';
import type { Refusal } from './http/refusal.ts';
import { type Call, createSurface, type Surface, type VerifyAccessToken } from './http/surface.ts';
import type { Incident } from './incident.ts';
import { parseChange } from './incident-change.ts';
import { createIncidentStore, type IncidentStore } from './incident-store.ts';

const RESOURCE = 'https://api.security.microsoft.com';
const PAGE_SIZE = 100;
const PER_HOUR = 1500;
const READ = ['Incident.Read.All', 'Incident.ReadWrite.All'];
const WRITE = ['Incident.ReadWrite.All'];
const LIST = /^\/api\/incidents\/?$/;
const ONE = /^\/api\/incidents\/([^/]+)$/;
const OPTIONS = ['$filter', '$top', '$skip'];
const FILTER_FIELDS: FilterFields = {
  lastUpdateTime: 'instant',
  createdTime: 'instant',
  status: 'text',
  assignedTo: 'text',
};

// The documentation promises no nextLink and knows no limit of `$skip`.
const SETTINGS: ListSettings = {
  quotas: true,
  retryAfterIn: 'header',
  nextLink: false,
  skipCeiling: Number.POSITIVE_INFINITY,
  order: 'usual',
};

/** The Defender XDR API over a store of incidents. */
interface Defender extends Surface {
  readonly incidents: IncidentStore;
  readonly configure: (change: Partial<ListSettings>) => void;
}

/** What the stand-in needs; the store is its own unless one is shared with another surface. */
interface DefenderOptions {
  readonly verifyAccessToken: VerifyAccessToken;
  readonly now?: () => number;
  readonly incidents?: IncidentStore;
}

/** Stands in for `https://api.security.microsoft.com/api/incidents`. */
export function createDefender({
  verifyAccessToken,
  now = Date.now,
  incidents = createIncidentStore({ now }),
}: DefenderOptions): Defender {
  let settings = SETTINGS;
  const surface = createSurface({
    verifyAccessToken,
    now,
    audiences: [RESOURCE, `${RESOURCE}/`],
    toErrorBody,
    settings: () => settings,
    operations: [
      { method: 'GET', path: LIST, roles: READ, limits: toLimits(50), answer: list },
      { method: 'GET', path: ONE, roles: READ, limits: toLimits(100), answer: get },
      { method: 'PATCH', path: ONE, roles: WRITE, limits: toLimits(50), answer: update },
    ],
  });
  return {
    ...surface,
    incidents,
    configure(change) {
      settings = { ...settings, ...change };
    },
  };

  function list({ url, tenantId }: Call): Response {
    const list: List<Incident> = {
      url,
      rows: incidents.listIncidents(tenantId).map(toPublished),
      context: `${RESOURCE}/api/$metadata#Incidents`,
      pageSize: PAGE_SIZE,
      options: OPTIONS,
      filterFields: FILTER_FIELDS,
      updateField: 'lastUpdateTime',
    };
    return answerList(list, settings);
  }

  function get(call: Call): Response {
    return toResponse(getIncident(incidents, call));
  }

  function update(call: Call): Response {
    const incident = getIncident(incidents, call);
    const key = { tenantId: call.tenantId, incidentId: incident.incidentId };
    const { change, comment } = parseChange(call.body, incident);
    const changed = incidents.updateIncident(key, change);
    if (comment === undefined) return toResponse(changed);
    return toResponse(incidents.addComment(key, { comment, createdBy: 'API' }));
  }
}

function toLimits(perMinute: number) {
  return { perMinute, perHour: PER_HOUR };
}

function toResponse(incident: Incident): Response {
  const context = `${RESOURCE}/api/$metadata#Incidents/$entity`;
  return Response.json({ '@odata.context': context, ...toPublished(incident) });
}

/** This API has no word for an incident that awaits action; such a one is in progress. */
function toPublished(incident: Incident): Incident {
  return incident.status === 'AwaitingAction' ? { ...incident, status: 'InProgress' } : incident;
}

function toErrorBody({ code, message }: Refusal) {
  return { error: { code, message, target: `|${randomUUID()}.` } };
}
