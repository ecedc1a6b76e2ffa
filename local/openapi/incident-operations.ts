import { oneIncidentQuerySchema } from '../../functions/incidents/get-incident.ts';
import { changesQuerySchema } from '../../functions/incidents/list-changes.ts';
import { incidentQuerySchema } from '../../functions/incidents/list-incidents.ts';
import { incidentPatchSchema } from '../../functions/incidents/patch-incident.ts';
import { type ApiOperation, COMMON } from './operation.ts';

/** The incident of the examples, in the example's tenant. */
export const EXAMPLE_INCIDENT = '1001';

/** The routes for incidents. */
export const INCIDENT_OPERATIONS: readonly ApiOperation[] = [
  {
    id: 'listIncidents',
    target: 'GET api/incidents',
    role: 'Incidents.Read',
    summary:
      'See the incidents of every tenant that is granted, by tenant and newest id first. A page may be short, even empty, while there is a next_cursor.',
    query: incidentQuerySchema,
    success: { status: 200, answer: 'IncidentPage' },
    errors: ['invalid_request', 'access_denied', ...COMMON],
  },
  {
    id: 'listIncidentChanges',
    target: 'GET api/incidents/changes',
    role: 'Incidents.Read',
    summary:
      'Follow what happens to incidents: in order, at least once, from any cursor of the last 30 days. Without cursor and since it begins with the oldest change.',
    query: changesQuerySchema,
    success: { status: 200, answer: 'IncidentChangePage' },
    errors: ['invalid_request', 'access_denied', ...COMMON],
  },
  {
    id: 'getIncident',
    target: 'GET api/tenants/{tenant}/incidents/{id}',
    role: 'Incidents.Read',
    summary: "See one incident with Microsoft's own JSON of it.",
    query: oneIncidentQuerySchema,
    success: { status: 200, answer: 'WholeIncident' },
    errors: [
      'invalid_request',
      'access_denied',
      'incident_not_found',
      'consent_required',
      'missing_roles',
      'tenant_disabled',
      ...COMMON,
    ],
  },
  {
    id: 'patchIncident',
    target: 'PATCH api/tenants/{tenant}/incidents/{id}',
    role: 'Incidents.Write',
    summary: 'Change an incident at Microsoft; what is left out stays as it is.',
    body: incidentPatchSchema,
    examples: {
      take: {
        summary: 'Work on it',
        value: { status: 'inProgress', assigned_to: 'analyst@partner.example' },
      },
      close: {
        summary: 'Close it',
        value: {
          status: 'resolved',
          classification: 'truePositive',
          determination: 'phishing',
          tags: ['reported'],
          comment: 'Mailbox cleaned.',
        },
      },
    },
    success: { status: 200, answer: 'Incident' },
    errors: [
      'invalid_request',
      'access_denied',
      'incident_not_found',
      'consent_required',
      'missing_roles',
      'tenant_disabled',
      ...COMMON,
    ],
  },
];
