import * as v from 'valibot';
import { RESOURCE_NAMES } from '../../shared/resources/resources.ts';
import { guid, instant, texts } from './answer-fields.ts';

/** The answer to a token request: RFC 6749 section 5.1 and what a tool needs to plan ahead. */
export const tokenSchema = v.strictObject({
  access_token: v.string(),
  token_type: v.literal('Bearer'),
  expires_in: v.pipe(v.number(), v.integer()),
  expires_at: v.pipe(v.number(), v.integer(), v.description('Unix time in seconds.')),
  refresh_in: v.pipe(
    v.number(),
    v.integer(),
    v.description('Seconds after which a newer token can be had.'),
  ),
  tenant_id: guid,
  resource: v.picklist(RESOURCE_NAMES),
  roles: texts,
  degraded: v.optional(v.literal(true)),
});

/** What a token claims. */
export const tokenReportSchema = v.strictObject({
  valid: v.boolean(),
  problems: texts,
  signature: v.literal('not_checked'),
  token_hash: v.string(),
  unreadable: v.optional(v.string()),
  resource: v.optional(v.picklist(RESOURCE_NAMES)),
  tenant_id: v.optional(v.string()),
  client_id: v.optional(v.string()),
  audience: v.optional(v.string()),
  object_id: v.optional(v.string()),
  roles: v.optional(texts),
  uti: v.optional(v.string()),
  expires_at: v.optional(instant),
  seconds_left: v.optional(v.pipe(v.number(), v.integer())),
  missing_roles: texts,
});

/** A token in a caller's hands that still works. */
const liveTokenEntries = {
  caller: guid,
  caller_name: v.optional(v.string()),
  tenant_id: v.optional(guid),
  tenant_name: v.optional(v.string()),
  resource: v.picklist(RESOURCE_NAMES),
  expires_at: instant,
  token_hash: v.string(),
};

/** Tokens in the hands of callers that still work. */
export const liveTokens = v.array(v.strictObject(liveTokenEntries));

/** Who received a token. */
export const issuanceSchema = v.strictObject({
  ...liveTokenEntries,
  tenant_hash: v.string(),
  rule: v.string(),
  would_be_denied: v.optional(v.literal(true)),
  uti: v.optional(v.string()),
  issued_at: instant,
  recorded_at: instant,
  correlation_id: v.string(),
});
