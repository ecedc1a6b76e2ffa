import { randomUUID } from 'node:crypto';
import { type GraphIncident, toGraphIncident } from './graph-incident.ts';
import {
  type FilterFields,
  parseFilter,
  parsePage,
  refuseOtherOptions,
  toNextLink,
} from './http/odata.ts';
import { badRequest, notFound, type Refusal } from './http/refusal.ts';
import {
  type Call,
  createSurface,
  type Surface,
  type SurfaceSettings,
  type VerifyAccessToken,
} from './http/surface.ts';
import type { Incident } from './incident.ts';
import { createIncidentStore, type IncidentStore } from './incident-store.ts';
import { toTicks } from './timestamp.ts';

const RESOURCE = 'https://graph.microsoft.com';
const PAGE_SIZE = 50;
const LIMITS = { perMinute: 150 };
const READ = ['SecurityIncident.Read.All', 'SecurityIncident.ReadWrite.All'];
const LIST = /^\/v1\.0\/security\/incidents$/;
const ONE = /^\/v1\.0\/security\/incidents\/([^/]+)$/;
const FILTER_FIELDS: FilterFields = {
  lastUpdateDateTime: 'instant',
  createdDateTime: 'instant',
  status: 'text',
  severity: 'text',
  classification: 'text',
  determination: 'text',
  assignedTo: 'text',
};

/** The security incidents of Microsoft Graph over a store of incidents. */
export interface Graph extends Surface {
  readonly incidents: IncidentStore;
  readonly configure: (change: Partial<SurfaceSettings>) => void;
}

/** What the stand-in needs; give it the Defender stand-in's store to show the same incidents. */
export interface GraphOptions {
  readonly verifyAccessToken: VerifyAccessToken;
  readonly now?: () => number;
  readonly incidents?: IncidentStore;
}

/** Stands in for `https://graph.microsoft.com/v1.0/security/incidents`. */
export function createGraph({
  verifyAccessToken,
  now = Date.now,
  incidents = createIncidentStore({ now }),
}: GraphOptions): Graph {
  let settings: SurfaceSettings = { quotas: true, retryAfterIn: 'header' };
  const surface = createSurface({
    verifyAccessToken,
    now,
    audiences: [RESOURCE, `${RESOURCE}/`],
    toErrorBody: (refusal) => toErrorBody(refusal, now()),
    settings: () => settings,
    operations: [
      { method: 'GET', path: LIST, roles: READ, limits: LIMITS, answer: list },
      { method: 'GET', path: ONE, roles: READ, limits: LIMITS, answer: get },
    ],
  });
  return {
    ...surface,
    incidents,
    configure(change) {
      settings = { ...settings, ...change };
    },
  };

  function list(call: Call): Response {
    const query = call.url.searchParams;
    refuseOtherOptions(query, ['$filter', '$top', '$skip', '$count', '$expand']);
    const { skip, top } = parsePage(query, PAGE_SIZE);
    const passes = parseFilter(query.get('$filter') ?? '', FILTER_FIELDS);
    const toShown = toShape(call);
    const all = incidents.listIncidents(call.tenantId).map(toShown).filter(passes);
    all.sort(byMostRecent);
    return Response.json({
      '@odata.context': `${RESOURCE}/v1.0/$metadata#security/incidents`,
      ...(query.get('$count') === 'true' ? { '@odata.count': all.length } : {}),
      value: all.slice(skip, skip + top),
      ...(all.length > skip + top ? { '@odata.nextLink': toNextLink(call.url, skip + top) } : {}),
    });
  }

  function get(call: Call): Response {
    refuseOtherOptions(call.url.searchParams, ['$expand']);
    const { tenantId, id } = call;
    const incident = incidents.findIncident({ tenantId, incidentId: Number(id) });
    if (!incident) throw notFound(`Incident ${id} was not found.`);
    const context = `${RESOURCE}/v1.0/$metadata#security/incidents/$entity`;
    return Response.json({ '@odata.context': context, ...toShape(call)(incident) });
  }
}

function toShape({ url, headers, tenantId }: Call): (incident: Incident) => GraphIncident {
  const expand = url.searchParams.get('$expand');
  if (expand !== null && expand !== 'alerts') {
    throw badRequest(`Could not find a property named '${expand}' to expand.`);
  }
  const unknownMembers = /\binclude-unknown-enum-members\b/.test(headers.get('prefer') ?? '');
  return (incident) =>
    toGraphIncident(incident, { tenantId, alerts: expand === 'alerts', unknownMembers });
}

function byMostRecent(one: GraphIncident, other: GraphIncident): number {
  const [first = 0n, second = 0n] = [toTicks(one.createdDateTime), toTicks(other.createdDateTime)];
  return first === second ? Number(other.id) - Number(one.id) : first < second ? 1 : -1;
}

/** Graph names an unusable token differently and adds who asked when. */
function toErrorBody({ code, message }: Refusal, at: number) {
  const requestId = randomUUID();
  const innerError = {
    date: new Date(at).toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': requestId,
  };
  const graphCode = code === 'Unauthorized' ? 'InvalidAuthenticationToken' : code;
  return { error: { code: graphCode, message, innerError } };
}
