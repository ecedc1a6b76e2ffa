import * as v from 'valibot';
import { GRANT_MODES, RULE_EFFECTS } from '../../shared/callers/grants.ts';
import { TENANT_STATUSES } from '../../shared/tenants/tenant.ts';
import { etag, guid, instant, texts } from './answer-fields.ts';
import { liveTokens } from './token-answers.ts';

/** What a caller may have. */
export const callerSchema = v.strictObject({
  caller: guid,
  etag,
  display_name: v.optional(v.string()),
  mode: v.picklist(GRANT_MODES),
  client_secret: v.boolean(),
  blocked: v.boolean(),
  webhook_hosts: v.optional(texts),
  rules: v.array(
    v.strictObject({
      id: v.string(),
      effect: v.picklist(RULE_EFFECTS),
      tenants: texts,
      resources: texts,
      operations: v.optional(texts),
    }),
  ),
  created_at: instant,
  updated_at: instant,
  live_tokens: v.optional(liveTokens),
  live_tokens_as_of: v.optional(instant),
  live_tokens_final_at: v.optional(instant),
});

/** What the policy says of a question. */
export const simulationSchema = v.strictObject({
  caller: guid,
  allowed: v.boolean(),
  rule: v.string(),
  why: v.string(),
  would_be_denied: v.optional(v.boolean()),
  mode: v.optional(v.picklist(GRANT_MODES)),
  tenant_id: v.optional(guid),
  tenant_exists: v.boolean(),
  tenant_status: v.optional(v.picklist(TENANT_STATUSES)),
  tags: texts,
});
