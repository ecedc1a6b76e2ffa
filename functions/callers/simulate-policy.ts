import * as v from 'valibot';
import { DEFAULT_RESOURCE } from '../../shared/resources/resources.ts';
import { EXAMPLE_CALLER } from '../examples.ts';
import { tenantNameSchema } from '../input/tenant.ts';
import { apiRoute } from '../route.ts';

/** The body of a question to the policy. */
const simulationRequestSchema = v.strictObject({
  caller: v.string(),
  tenant: tenantNameSchema,
  operation: v.optional(v.pipe(v.string(), v.maxLength(500))),
  resource: v.optional(v.pipe(v.string(), v.maxLength(200)), DEFAULT_RESOURCE),
});

/** `POST /policy/simulate`: what a caller would get, and which rule says so. */
export const simulatePolicy = apiRoute({
  id: 'simulatePolicy',
  method: 'POST',
  path: 'api/policy/simulate',
  role: 'Policy.Manage',
  summary: 'Ask what a caller would get for a tenant and resource, and which rule says so.',
  body: simulationRequestSchema,
  examples: {
    question: {
      summary: 'May this tool have that token?',
      value: { caller: EXAMPLE_CALLER, tenant: 'contoso.example', resource: 'defender-xdr' },
    },
  },
  answers: { 200: 'Simulation' },
  errors: ['invalid_request', 'invalid_target'],
  handle: async ({ body, caller, correlationId }, services) => {
    const { callerId, mode, tenantId, tenant, decision, why } = await services.simulate(body);
    if (callerId !== caller.id) {
      const detail = `${body.resource}: ${decision.allowed ? 'allowed' : 'denied'}`;
      const done = { act: 'policy.simulate', tenantId, subject: callerId, detail } as const;
      await services.recordEvent({ ...done, actor: caller.id, correlationId });
    }
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
  },
});
