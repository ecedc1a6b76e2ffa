import * as v from 'valibot';
import type { ApiHandle } from '../api.ts';
import { readJson } from '../request-body.ts';

/** The body of a question to the policy. */
export const simulationRequestSchema = v.strictObject({
  caller: v.string(),
  tenant: v.pipe(v.string(), v.maxLength(253)),
  resource: v.optional(v.pipe(v.string(), v.maxLength(200)), 'defender-xdr'),
});

/** `POST /policy/simulate`: what a caller would get, and which rule says so. */
export const simulatePolicy: ApiHandle = async ({ http }, { simulate }) => {
  const question = await readJson(http, simulationRequestSchema);
  const { callerId, mode, tenantId, tenant, decision, why } = await simulate(question);
  return {
    jsonBody: {
      caller: callerId,
      allowed: decision.allowed,
      rule: decision.rule,
      why,
      ...(decision.wouldBeDenied && { would_be_denied: true }),
      mode,
      tenant_id: tenantId,
      tenant_exists: tenant !== undefined,
      tenant_status: tenant?.status,
      tags: tenant?.tags ?? [],
    },
  };
};
