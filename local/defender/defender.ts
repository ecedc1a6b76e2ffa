import { randomUUID } from 'node:crypto';
import {
  type FilterFields,
  parseFilter,
  parsePage,
  refuseOtherOptions,
  toNextLink,
} from './http/odata.ts';
import { notFound, type Refusal } from './http/refusal.ts';
import {
  type Call,
  createSurface,
  type Surface,
  type SurfaceSettings,
  type VerifyAccessToken,
} from './http/surface.ts';
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

/** Switches of the Defender XDR API that hold until changed. */
export interface DefenderSettings extends SurfaceSettings {
  /** Whether a full page carries `@odata.nextLink`, which the documentation does not promise. */
  readonly nextLink: boolean;
}

/** The Defender XDR API over a store of incidents. */
export interface Defender extends Surface {
  readonly incidents: IncidentStore;
  readonly configure: (change: Partial<DefenderSettings>) => void;
}

/** What the stand-in needs; the store is its own unless one is shared with another surface. */
export interface DefenderOptions {
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
  let settings: DefenderSettings = { quotas: true, retryAfterIn: 'header', nextLink: false };
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
    refuseOtherOptions(url.searchParams, OPTIONS);
    const { skip, top } = parsePage(url.searchParams, PAGE_SIZE);
    const passes = parseFilter(url.searchParams.get('$filter') ?? '', FILTER_FIELDS);
    const all = incidents.listIncidents(tenantId).map(toPublished).filter(passes);
    const more = settings.nextLink && all.length > skip + top;
    return Response.json({
      '@odata.context': `${RESOURCE}/api/$metadata#Incidents`,
      value: all.slice(skip, skip + top),
      ...(more ? { '@odata.nextLink': toNextLink(url, skip + top) } : {}),
    });
  }

  function get({ tenantId, id }: Call): Response {
    return toResponse(getIncident(tenantId, id));
  }

  function update({ tenantId, id, body }: Call): Response {
    const { incidentId, ...incident } = getIncident(tenantId, id);
    const key = { tenantId, incidentId };
    const { change, comment } = parseChange(body, { incidentId, ...incident });
    const changed = incidents.updateIncident(key, change);
    if (comment === undefined) return toResponse(changed);
    return toResponse(incidents.addComment(key, { comment, createdBy: 'API' }));
  }

  function getIncident(tenantId: string, id: string): Incident {
    const incident = incidents.findIncident({ tenantId, incidentId: Number(id) });
    if (!incident) throw notFound(`Incident ${id} was not found.`);
    return incident;
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
