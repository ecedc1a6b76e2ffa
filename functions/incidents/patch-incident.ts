import * as v from 'valibot';
import type { ApiHandle } from '../api.ts';
import { parseInput, readJson } from '../request-body.ts';
import { toIncidentJson } from './incident-json.ts';
import { incidentIdSchema } from './incident-query.ts';

const MOST_TAGS = 50;
const word = v.optional(v.pipe(v.string(), v.maxLength(60)));

/** The body of a change: what is left out stays as it is; the values are checked with the stored incident. */
export const incidentPatchSchema = v.pipe(
  v.strictObject({
    status: word,
    assigned_to: v.optional(v.pipe(v.string(), v.maxLength(320))),
    classification: word,
    determination: word,
    tags: v.optional(
      v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(100))), v.maxLength(MOST_TAGS)),
    ),
    comment: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1000))),
  }),
  v.check((patch) => Object.values(patch).some((value) => value !== undefined)),
);

/** `PATCH /tenants/{tenant}/incidents/{id}`: changes it at Microsoft, then in the store. */
export const patchIncident: ApiHandle = async ({ http, caller, correlationId }, services) => {
  const { assigned_to, ...input } = await readJson(http, incidentPatchSchema);
  const { incident } = await services.incidents.update({
    caller,
    tenant: http.params.tenant ?? '',
    incidentId: parseInput(incidentIdSchema, http.params).id,
    input: { ...input, assignedTo: assigned_to },
    correlationId,
  });
  return { jsonBody: toIncidentJson(incident) };
};
