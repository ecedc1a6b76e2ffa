import * as v from 'valibot';
import { GRANT_MODES, RULE_EFFECTS } from '../../shared/callers/grants.ts';
import type { ApiHandle } from '../api.ts';
import { toLiveTokenJson } from '../audit/list-issuances.ts';
import { readJson } from '../request-body.ts';
import { toCallerJson } from './caller-json.ts';

/** The body of a caller's grants; what the rules may say is checked with them as a whole. */
export const grantsSchema = v.strictObject({
  display_name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  mode: v.optional(v.picklist(GRANT_MODES), 'enforce'),
  rules: v.array(
    v.strictObject({
      id: v.string(),
      effect: v.picklist(RULE_EFFECTS),
      tenants: v.array(v.string()),
      resources: v.array(v.string()),
    }),
  ),
});

/** `PUT /callers/{client_id}`: replaces what a caller may have. */
export const putCaller: ApiHandle = async ({ http, caller, correlationId }, services) => {
  const { display_name, mode, rules } = await readJson(http, grantsSchema);
  const name = http.params.client_id ?? '';
  const wish = { displayName: display_name, mode, rules };
  const { grants, isNew } = await services.grantAdministration.put(name, wish);
  const { callerId } = grants;
  const done = { act: 'grants.put', subject: callerId, detail: mode } as const;
  await services.recordAct({ ...done, actor: caller.id, correlationId });
  const live = await services.audit.listLive({ callerId });
  return {
    status: isNew ? 201 : 200,
    jsonBody: { ...toCallerJson(grants), live_tokens: live.map(toLiveTokenJson) },
  };
};
