import * as v from 'valibot';
import { DEFAULT_RESOURCE } from '../../shared/resources/resources.ts';
import { toInvalidRequest } from '../input/invalid-request.ts';
import { apiRoute } from '../route.ts';
import type { TokenServices } from '../services.ts';
import { toTokenJson } from './token-json.ts';

const MAX_MIN_TTL_SECONDS = 24 * 60 * 60;

/** `min_ttl` in seconds: a number in JSON, digits in a form. */
const minTtlSchema = v.union([
  v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_MIN_TTL_SECONDS)),
  v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number), v.maxValue(MAX_MIN_TTL_SECONDS)),
]);

const resourceSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/**
 * The body of a token request; `grant_type` and `scope` serve OAuth clients that know no
 * `resource`.
 */
const tokenRequestSchema = v.strictObject({
  grant_type: v.optional(v.literal('client_credentials')),
  resource: v.optional(resourceSchema),
  scope: v.optional(resourceSchema),
  min_ttl: v.optional(minTtlSchema, 0),
});

/** `POST /tenants/{tenant}/token`: the token of a customer's tenant. */
export const issueToken = apiRoute({
  id: 'issueToken',
  method: 'POST',
  path: 'api/tenants/{tenant}/token',
  role: 'Tokens.Issue',
  bearerOnly: true,
  summary: "Get an app-only token of a customer's tenant that works now.",
  body: tokenRequestSchema,
  forms: true,
  examples: {
    usual: { summary: 'For Defender XDR', value: {} },
    graph: {
      summary: 'For Microsoft Graph, with ten minutes left',
      value: { resource: 'graph', min_ttl: 600 },
    },
    scope: {
      summary: 'As OAuth clients ask',
      value: { scope: 'https://api.security.microsoft.com/.default' },
    },
  },
  answers: { 200: 'Token' },
  errors: [
    'invalid_request',
    'invalid_target',
    'access_denied',
    'tenant_not_found',
    'consent_required',
    'missing_roles',
    'tenant_disabled',
  ],
  handle: async ({ params, body, caller, correlationId }, services: TokenServices) => {
    const { serveToken, parseResource, entraNow } = services;
    const token = await serveToken({
      caller,
      tenant: params.tenant,
      resource: chooseResource(body, parseResource),
      minTtlMs: body.min_ttl * 1000,
      correlationId,
    });
    return { jsonBody: toTokenJson(token, entraNow()) };
  },
});

/**
 * A caller that names one API as `resource` and another one as `scope` would get a token that half
 * of its request did not ask for.
 */
function chooseResource(
  { resource, scope }: v.InferOutput<typeof tokenRequestSchema>,
  parseResource: TokenServices['parseResource'],
): string {
  const areTwo = resource && scope && parseResource(resource) !== parseResource(scope);
  if (!areTwo) return resource ?? scope ?? DEFAULT_RESOURCE;
  throw toInvalidRequest(
    'The parameters resource and scope name different APIs.',
    'Send one of them.',
  );
}
