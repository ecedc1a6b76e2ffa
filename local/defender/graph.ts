import { randomUUID } from 'node:crypto';
import { parseGraphChange, parseGraphComment } from './graph-change.ts';
import { type GraphIncident, toGraphComment, toGraphIncident } from './graph-incident.ts';
import { answerList, type List, type ListSettings, sortByInstant } from './http/list.ts';
import { getIncident } from './http/lookup.ts';
import { type FilterFields, refuseOtherOptions } from './http/odata.ts';
import { badRequest, type Refusal } from './http/refusal.ts';
import { type Call, createSurface, type Surface, type VerifyAccessToken } from './http/surface.ts';
import type { Incident } from './incident.ts';
import { createIncidentStore, type IncidentStore } from './incident-store.ts';

const RESOURCE = 'https://graph.microsoft.com';
const PAGE_SIZE = 50;
const LIMITS = { perMinute: 150 };
const READ = ['SecurityIncident.Read.All', 'SecurityIncident.ReadWrite.All'];
const WRITE = ['SecurityIncident.ReadWrite.All'];
const LIST = /^\/v1\.0\/security\/incidents$/;
const ONE = /^\/v1\.0\/security\/incidents\/([^/]+)$/;
const COMMENTS = /^\/v1\.0\/security\/incidents\/([^/]+)\/comments$/;
const OPTIONS = ['$filter', '$top', '$skip', '$count', '$expand'];
const FILTER_FIELDS: FilterFields = {
  lastUpdateDateTime: 'instant',
  createdDateTime: 'instant',
  status: 'text',
  severity: 'text',
  classification: 'text',
  determination: 'text',
  assignedTo: 'text',
};

// `$skip` ends at 500 by the page on query limits of Graph's security API.
const SETTINGS: ListSettings = {
  quotas: true,
  retryAfterIn: 'header',
  nextLink: true,
  skipCeiling: 500,
  order: 'usual',
};

/** The security incidents of Microsoft Graph over a store of incidents. */
interface Graph extends Surface {
  readonly incidents: IncidentStore;
  readonly configure: (change: Partial<ListSettings>) => void;
}

/** What the stand-in needs; give it the Defender stand-in's store to show the same incidents. */
interface GraphOptions {
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
  let settings = SETTINGS;
  const surface = createSurface({
    verifyAccessToken,
    now,
    audiences: [RESOURCE, `${RESOURCE}/`],
    toErrorBody: (refusal) => toErrorBody(refusal, now()),
    settings: () => settings,
    operations: [
      { method: 'GET', path: LIST, roles: READ, limits: LIMITS, answer: list },
      { method: 'GET', path: ONE, roles: READ, limits: LIMITS, answer: get },
      { method: 'PATCH', path: ONE, roles: WRITE, limits: LIMITS, answer: update },
      { method: 'POST', path: COMMENTS, roles: WRITE, limits: LIMITS, answer: comment },
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
    const rows = incidents.listIncidents(call.tenantId).map(toShape(call));
    const list: List<GraphIncident> = {
      url: call.url,
      rows: sortByInstant(rows, 'createdDateTime').toReversed(),
      context: `${RESOURCE}/v1.0/$metadata#security/incidents`,
      pageSize: PAGE_SIZE,
      options: OPTIONS,
      filterFields: FILTER_FIELDS,
      updateField: 'lastUpdateDateTime',
    };
    return answerList(list, settings);
  }

  function get(call: Call): Response {
    return toResponse(call, getIncident(incidents, call));
  }

  function update(call: Call): Response {
    const { incidentId, ...incident } = getIncident(incidents, call);
    const change = parseGraphChange(call.body, { incidentId, ...incident });
    return toResponse(call, incidents.updateIncident({ ...call, incidentId }, change));
  }

  function comment(call: Call): Response {
    const { incidentId } = getIncident(incidents, call);
    const added = { comment: parseGraphComment(call.body), createdBy: 'API' };
    const { comments } = incidents.addComment({ ...call, incidentId }, added);
    const context = `${RESOURCE}/v1.0/$metadata#security/incidents('${incidentId}')/comments`;
    return Response.json({ '@odata.context': context, value: comments.map(toGraphComment) });
  }
}

function toResponse(call: Call, incident: Incident): Response {
  refuseOtherOptions(call.url.searchParams, ['$expand']);
  const context = `${RESOURCE}/v1.0/$metadata#security/incidents/$entity`;
  return Response.json({ '@odata.context': context, ...toShape(call)(incident) });
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
