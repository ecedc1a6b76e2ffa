import * as v from 'valibot';
import { parseInput } from '../input/parse-input.ts';
import { apiRoute } from '../route.ts';
import { toCoverageJson } from './coverage-json.ts';
import { toIncidentJson } from './incident-json.ts';
import { incidentIdSchema } from './incident-query.ts';

/** The query of one incident. */
const oneIncidentQuerySchema = v.strictObject({
  include: v.optional(v.picklist(['alerts'])),
});

/** `GET /tenants/{tenant}/incidents/{id}`: one incident, with Microsoft's own JSON of it. */
export const getIncident = apiRoute({
  id: 'getIncident',
  method: 'GET',
  path: 'api/tenants/{tenant}/incidents/{id}',
  role: 'Incidents.Read',
  summary: "See one incident with Microsoft's own JSON of it.",
  query: oneIncidentQuerySchema,
  answers: { 200: 'WholeIncident' },
  errors: [
    'invalid_request',
    'access_denied',
    'incident_not_found',
    'consent_required',
    'missing_roles',
    'tenant_disabled',
  ],
  handle: async ({ params, query, caller }, services) => {
    const { include } = query;
    if (include === 'alerts') services.budgets.spend(caller.id, 'alerts');
    const { incident, raw, coverage } = await services.incidents.get({
      caller,
      tenant: params.tenant,
      incidentId: parseInput(incidentIdSchema, params).id,
      withAlerts: include === 'alerts',
    });
    const names = await services.findTenantNames([incident.tenantId]);
    return {
      jsonBody: {
        ...toIncidentJson(incident, services.incidents.portalUrl),
        tenant_name: names.get(incident.tenantId),
        raw: toRawJson(raw),
        coverage: toCoverageJson(coverage),
      },
    };
  },
});

/** `null`: it was too large to be kept. */
function toRawJson(raw: string | undefined): unknown {
  return raw === undefined ? null : JSON.parse(raw);
}
