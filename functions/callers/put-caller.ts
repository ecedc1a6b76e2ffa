import * as v from 'valibot';
import type { GrantInput } from '../../shared/callers/grant-administration.ts';
import { GRANT_MODES, RULE_EFFECTS } from '../../shared/callers/grants.ts';
import { listLiveTokens } from '../audit/list-issuances.ts';
import { readPrecondition } from '../input/precondition.ts';
import { apiRoute } from '../route.ts';
import { toCallerJson } from './caller-json.ts';

const ruleSchema = v.strictObject({
  id: v.string(),
  effect: v.picklist(RULE_EFFECTS),
  tenants: v.array(v.string()),
  resources: v.array(v.string()),
  operations: v.optional(v.array(v.string())),
});

/**
 * The body of a caller's grants; what the rules may say is checked with them as a whole. `rules`
 * replaces everything but `blocked`; without it only `blocked` may be there.
 */
const grantsSchema = v.pipe(
  v.strictObject({
    display_name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
    mode: v.optional(v.picklist(GRANT_MODES)),
    client_secret: v.optional(v.boolean()),
    webhook_hosts: v.optional(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(255)))),
    blocked: v.optional(v.boolean()),
    rules: v.optional(v.array(ruleSchema)),
  }),
  v.check(
    ({ rules, blocked, ...others }) =>
      rules !== undefined || (blocked !== undefined && Object.keys(others).length === 0),
  ),
);

const EXAMPLE_RULES = [
  { id: 'all-gold', effect: 'allow', tenants: ['tag:gold'], resources: ['defender-xdr'] },
  { id: 'never-graph', effect: 'deny', tenants: ['*'], resources: ['graph'] },
];

/** `PUT /callers/{client_id}`: replaces what a caller may have. */
export const putCaller = apiRoute({
  id: 'putCaller',
  method: 'PUT',
  path: 'api/callers/{client_id}',
  role: 'Policy.Manage',
  summary: 'Replace what a caller may have, where a rule that denies wins; block or unblock it.',
  body: grantsSchema,
  examples: {
    rules: {
      summary: 'Defender XDR of every gold customer',
      value: { display_name: 'SOAR playbooks', rules: EXAMPLE_RULES },
    },
    block: { summary: 'Shut it out of every route, with its rules kept', value: { blocked: true } },
    audit: {
      summary: 'Refuse nothing yet, log what would be refused',
      value: { mode: 'audit', rules: EXAMPLE_RULES },
    },
  },
  answers: { 200: 'Caller', 201: 'Caller' },
  hasETag: true,
  conditions: ['if-match', 'if-none-match'],
  errors: ['invalid_request', 'caller_not_found', 'precondition_failed'],
  handle: async ({ http, params, body, caller, correlationId }, services) => {
    const { client_id: name } = params;
    const input = {
      grants: toGrantInput(body),
      blocked: body.blocked,
      actorId: caller.id,
      precondition: readPrecondition(http),
    };
    const { grants, isNew } = await services.explainConflict({ caller: name }, () =>
      services.grantAdministration.put(name, input),
    );
    const { callerId } = grants;
    const done = { subject: callerId, actor: caller.id, correlationId };
    if (input.grants) {
      await services.recordEvent({ ...done, act: 'grants.put', detail: grants.mode });
    }
    if (input.blocked !== undefined) {
      await services.recordEvent({
        ...done,
        act: input.blocked ? 'caller.block' : 'caller.unblock',
      });
    }
    const { json } = await listLiveTokens(services, { callerId });
    const callerJson = toCallerJson(grants);
    return {
      status: isNew ? 201 : 200,
      headers: { etag: callerJson.etag },
      jsonBody: { ...callerJson, ...json },
    };
  },
});

function toGrantInput(body: v.InferOutput<typeof grantsSchema>): GrantInput | undefined {
  const { rules, display_name, mode = 'enforce', client_secret = false, webhook_hosts } = body;
  if (!rules) return undefined;
  return {
    displayName: display_name,
    mode,
    clientSecret: client_secret,
    webhookHosts: webhook_hosts,
    rules,
  };
}
