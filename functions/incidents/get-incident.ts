import * as v from 'valibot';
import type { ApiHandle } from '../api.ts';
import { parseInput } from '../request-body.ts';
import { toCoverageJson } from './coverage-json.ts';
import { toIncidentJson } from './incident-json.ts';
import { incidentIdSchema } from './incident-query.ts';

/** The query of one incident. */
export const oneIncidentQuerySchema = v.strictObject({
  include: v.optional(v.picklist(['alerts'])),
});

/** `GET /tenants/{tenant}/incidents/{id}`: one incident, with Microsoft's own JSON of it. */
export const getIncident: ApiHandle = async ({ http, caller }, services) => {
  const { include } = parseInput(oneIncidentQuerySchema, Object.fromEntries(http.query));
  const { incident, raw, coverage } = await services.incidents.get({
    caller,
    tenant: http.params.tenant ?? '',
    incidentId: parseInput(incidentIdSchema, http.params).id,
    withAlerts: include === 'alerts',
  });
  return {
    jsonBody: {
      ...toIncidentJson(incident),
      raw: toRawJson(raw),
      coverage: toCoverageJson(coverage),
    },
  };
};

/** `null`: it was too large to be kept. */
function toRawJson(raw: string | undefined): unknown {
  return raw === undefined ? null : JSON.parse(raw);
}
