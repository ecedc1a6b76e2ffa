import * as v from 'valibot';
import { apiRoute } from '../route.ts';

/** The body of a validation request. */
const validationRequestSchema = v.strictObject({
  access_token: v.pipe(v.string(), v.minLength(1), v.maxLength(24 * 1024)),
  resource: v.optional(v.pipe(v.string(), v.maxLength(200))),
});

/** `POST /tokens/validate`: what a token claims, without ever echoing it. */
export const validateToken = apiRoute({
  id: 'validateToken',
  method: 'POST',
  path: 'api/tokens/validate',
  role: 'Tokens.Issue',
  summary: 'Read what a token claims and what it lacks; the signature is not checked.',
  body: validationRequestSchema,
  examples: {
    token: {
      summary: 'A token for Defender XDR',
      value: { access_token: 'eyJhbGciOiJub25lIn0.e30.', resource: 'defender-xdr' },
    },
  },
  answers: { 200: 'TokenReport' },
  errors: ['invalid_request', 'invalid_target'],
  handle: ({ body }, services) => {
    const { access_token, resource } = body;
    const asked = resource === undefined ? undefined : services.parseResource(resource);
    const report = services.validateToken(access_token, asked);
    const { claims } = report;
    return {
      jsonBody: {
        valid: report.valid,
        problems: report.problems,
        signature: 'not_checked',
        token_hash: report.tokenHash,
        ...(report.unreadable && { unreadable: report.unreadable }),
        ...(report.resource && { resource: report.resource }),
        ...(claims && {
          tenant_id: claims.tenantId,
          client_id: claims.clientId,
          audience: claims.audience,
          object_id: claims.objectId,
          roles: claims.roles,
          uti: claims.uti,
          expires_at: new Date(claims.expiresAt).toISOString(),
          seconds_left: report.secondsLeft,
        }),
        missing_roles: report.missingRoles,
      },
    };
  },
});
