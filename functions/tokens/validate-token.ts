import * as v from 'valibot';
import type { ApiHandle } from '../api.ts';
import { readJson } from '../request-body.ts';

/** The body of a validation request. */
export const validationRequestSchema = v.strictObject({
  access_token: v.pipe(v.string(), v.minLength(1), v.maxLength(24 * 1024)),
  resource: v.optional(v.pipe(v.string(), v.maxLength(200))),
});

/** `POST /tokens/validate`: what a token claims, without ever echoing it. */
export const validateToken: ApiHandle = async ({ http }, services) => {
  const { access_token, resource } = await readJson(http, validationRequestSchema);
  const asked = resource === undefined ? undefined : services.parseResource(resource);
  const report = services.validateToken(access_token, asked);
  const { claims } = report;
  return {
    jsonBody: {
      valid: report.valid,
      problems: report.problems,
      signature: 'not_checked',
      token_hash: report.tokenHash,
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
};
