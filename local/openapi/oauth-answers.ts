import * as v from 'valibot';

const integer = v.pipe(v.number(), v.integer());
const digits = v.pipe(v.string(), v.regex(/^\d+$/));
const exchanged = v.optional(v.literal('urn:ietf:params:oauth:token-type:access_token'));

/** A token as Entra's v2 endpoint answers it. */
export const oauthTokenSchema = v.strictObject({
  token_type: v.literal('Bearer'),
  expires_in: integer,
  ext_expires_in: integer,
  refresh_in: v.optional(integer),
  issued_token_type: exchanged,
  access_token: v.string(),
});

/** A token as Entra's v1 endpoint answers it. */
export const oauthTokenV1Schema = v.strictObject({
  token_type: v.literal('Bearer'),
  expires_in: digits,
  ext_expires_in: digits,
  expires_on: digits,
  not_before: digits,
  resource: v.string(),
  issued_token_type: exchanged,
  access_token: v.string(),
});

/** An error as OAuth clients know it from Entra. */
export const oauthErrorSchema = v.strictObject({
  error: v.picklist([
    'invalid_request',
    'invalid_client',
    'invalid_grant',
    'invalid_scope',
    'invalid_resource',
    'invalid_target',
    'unauthorized_client',
    'unsupported_grant_type',
    'temporarily_unavailable',
    'server_error',
  ]),
  error_description: v.string(),
  error_codes: v.array(integer),
  suberror: v.optional(v.literal('consent_required')),
  timestamp: v.string(),
  trace_id: v.string(),
  correlation_id: v.string(),
  owner: v.picklist(['customer', 'partner', 'microsoft', 'caller']),
  remedy: v.string(),
  retry_after: v.optional(integer),
  consent_url: v.optional(v.string()),
  missing_roles: v.optional(v.array(v.string())),
  problems: v.optional(v.array(v.string())),
});

/** OpenID Connect Discovery 1.0 section 3. */
export const oauthMetadataSchema = v.looseObject({
  issuer: v.string(),
  token_endpoint: v.string(),
  authorization_endpoint: v.string(),
  jwks_uri: v.string(),
});

/** The keys of the face: none. */
export const oauthKeysSchema = v.strictObject({ keys: v.array(v.unknown()) });
