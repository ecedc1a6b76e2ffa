import * as v from 'valibot';
import { GRANT_MODES, RULE_EFFECTS } from '../../shared/callers/grants.ts';
import { toLiveTokenJson } from '../audit/list-issuances.ts';
import { apiRoute } from '../route.ts';
import { toCallerJson } from './caller-json.ts';

/** The body of a caller's grants; what the rules may say is checked with them as a whole. */
export const grantsSchema = v.strictObject({
  display_name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  mode: v.optional(v.picklist(GRANT_MODES), 'enforce'),
  client_secret: v.optional(v.boolean(), false),
  rules: v.array(
    v.strictObject({
      id: v.string(),
      effect: v.picklist(RULE_EFFECTS),
      tenants: v.array(v.string()),
      resources: v.array(v.string()),
      operations: v.optional(v.array(v.string())),
    }),
  ),
});

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
  summary: 'Replace what a caller may have; a rule that denies wins.',
  body: grantsSchema,
  examples: {
    rules: {
      summary: 'Defender XDR of every gold customer',
      value: { display_name: 'SOAR playbooks', rules: EXAMPLE_RULES },
    },
    audit: {
      summary: 'Refuse nothing yet, log what would be refused',
      value: { mode: 'audit', rules: EXAMPLE_RULES },
    },
  },
  answers: { 200: 'Caller', 201: 'Caller' },
  errors: ['invalid_request'],
  handle: async ({ params, body, caller, correlationId }, services) => {
    const { display_name, mode, client_secret, rules } = body;
    const name = params.client_id;
    const wish = { displayName: display_name, mode, clientSecret: client_secret, rules };
    const { grants, isNew } = await services.grantAdministration.put(name, wish);
    const { callerId } = grants;
    const done = { act: 'grants.put', subject: callerId, detail: mode } as const;
    await services.recordAct({ ...done, actor: caller.id, correlationId });
    const live = await services.audit.listLive({ callerId });
    return {
      status: isNew ? 201 : 200,
      jsonBody: { ...toCallerJson(grants), live_tokens: live.map(toLiveTokenJson) },
    };
  },
});
