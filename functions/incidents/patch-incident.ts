import * as v from 'valibot';
import { parseInput } from '../input/parse-input.ts';
import { apiRoute } from '../route.ts';
import { toIncidentJson } from './incident-json.ts';
import { incidentIdSchema } from './incident-query.ts';

const MAX_TAGS = 50;
const word = v.optional(v.pipe(v.string(), v.maxLength(60)));

/**
 * The body of a change: what is left out stays as it is; the values are checked with the stored
 * incident.
 */
const incidentPatchSchema = v.pipe(
  v.strictObject({
    status: word,
    assigned_to: v.optional(v.pipe(v.string(), v.maxLength(320))),
    classification: word,
    determination: word,
    tags: v.optional(
      v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(100))), v.maxLength(MAX_TAGS)),
    ),
    comment: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1000))),
  }),
  v.check((patch) => Object.values(patch).some((value) => value !== undefined)),
);

/** `PATCH /tenants/{tenant}/incidents/{id}`: changes it at Microsoft, then in the store. */
export const patchIncident = apiRoute({
  id: 'patchIncident',
  method: 'PATCH',
  path: 'api/tenants/{tenant}/incidents/{id}',
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
  answers: { 200: 'Incident' },
  errors: [
    'invalid_request',
    'access_denied',
    'incident_not_found',
    'consent_required',
    'missing_roles',
    'tenant_disabled',
  ],
  handle: async ({ params, body, caller, correlationId }, services) => {
    const { assigned_to, ...input } = body;
    const { incident } = await services.incidents.update({
      caller,
      tenant: params.tenant,
      incidentId: parseInput(incidentIdSchema, params).id,
      input: { ...input, assignedTo: assigned_to },
      correlationId,
    });
    return { jsonBody: toIncidentJson(incident, services.incidents.portalUrl) };
  },
});
