import type { Call, EntraState } from '../context.ts';
import type { Tenant } from '../directory/directory-model.ts';
import type { ResourceApi } from '../directory/resources.ts';
import { findResource, isProvisioned } from '../directory.ts';
import { EntraError } from '../errors.ts';
import { findEffect } from '../faults.ts';
import { isTenantIndependent, requireTenant } from '../tenant-segment.ts';
import { type IssuedToken, issueAppToken } from '../tokens/access-tokens.ts';
import { checkAudience, requireApplication, requireServicePrincipal } from './client.ts';
import { authenticateClient, readClientProof } from './client-authentication.ts';
import { type Form, requireParameter } from './form.ts';

/** The client credentials grant (RFC 6749 section 4.4), which never gives a refresh token. */
export async function clientCredentials(
  state: EntraState,
  call: Call,
  form: Form,
): Promise<Response> {
  if (isTenantIndependent(call.segment)) {
    throw new EntraError(
      9001023,
      `The grant type is not supported over the /${call.segment} endpoint. Please use a ` +
        'tenant-specific endpoint.',
    );
  }
  const tenant = requireTenant(call);
  const proof = readClientProof(call, form);
  const audience = call.version === 1 ? readResource(form) : readScope(form);
  const application = requireApplication(state, call, proof.clientId);
  checkAudience(application, tenant);
  const principal = requireServicePrincipal(call, application, tenant);
  const credential = await authenticateClient(state, call, { application, proof });
  const resource = requireResource(state, call, { tenant, audience });
  const { clientId } = application;
  const input = { tenant, clientId, principal, resource, audience, credential };
  const token = await issueAppToken(state, call, input);
  return call.version === 1 ? toV1Response(token, audience) : toV2Response(token);
}

function readScope(form: Form): string {
  if (form.has('resource')) {
    throw new EntraError(901002, "The 'resource' request parameter is not supported.");
  }
  const scope = requireParameter(form, 'scope');
  const [first = '', ...others] = scope.trim().split(/\s+/);
  if (others.length > 0) {
    throw new EntraError(
      28002,
      `Provided value for the input parameter scope '${scope}' is not valid when requesting an ` +
        'access token. Please specify a valid scope.',
    );
  }
  if (!first.endsWith('/.default')) {
    throw new EntraError(
      70011,
      "The provided request must include a 'scope' input parameter. The provided value for the " +
        `input parameter 'scope' is not valid. The scope ${first} is not valid.`,
    );
  }
  return first.slice(0, -'/.default'.length);
}

function readResource(form: Form): string {
  return requireParameter(form, 'resource');
}

function requireResource(
  { directory }: EntraState,
  { effects }: Call,
  { tenant, audience }: { readonly tenant: Tenant; readonly audience: string },
): ResourceApi {
  const resource = findResource(directory, audience);
  const licensed = findEffect(effects, 'licence-missing') === undefined;
  if (resource !== undefined && licensed && isProvisioned(tenant, resource)) return resource;
  throw new EntraError(
    500011,
    `The resource principal named ${audience} was not found in the tenant named ` +
      `${tenant.displayName}. This can happen if the application has not been installed by the ` +
      'administrator of the tenant or consented to by any user in the tenant. You might have sent ' +
      'your authentication request to the wrong tenant.',
  );
}

function toV2Response({ accessToken, expiresIn }: IssuedToken): Response {
  return noStore({
    token_type: 'Bearer',
    expires_in: expiresIn,
    ext_expires_in: expiresIn,
    access_token: accessToken,
  });
}

// The v1 endpoint answers every number as a string.
function toV1Response(token: IssuedToken, resource: string): Response {
  return noStore({
    token_type: 'Bearer',
    expires_in: String(token.expiresIn),
    ext_expires_in: String(token.expiresIn),
    expires_on: String(token.expiresOn),
    not_before: String(token.notBefore),
    resource,
    access_token: token.accessToken,
  });
}

/** A JSON answer that no cache may keep. */
export function noStore(body: object): Response {
  return Response.json(body, { headers: { 'cache-control': 'no-store', pragma: 'no-cache' } });
}
