import type { Call, EntraState } from './context.ts';
import { requireTenant } from './tenant-segment.ts';

/**
 * The OpenID Connect metadata of a tenant, or of `common` and `organizations` with a template
 * issuer.
 */
export function openidConfiguration(_state: EntraState, call: Call): Response {
  const tid = issuerTenant(call);
  const base = `${call.origin}/${tid === TEMPLATE ? call.segment : tid}`;
  const v2 = call.version === 2;
  const oauth2 = v2 ? `${base}/oauth2/v2.0` : `${base}/oauth2`;
  return Response.json({
    token_endpoint: `${oauth2}/token`,
    token_endpoint_auth_methods_supported: [
      'client_secret_post',
      'private_key_jwt',
      'client_secret_basic',
    ],
    jwks_uri: `${base}/discovery/${v2 ? 'v2.0/' : ''}keys`,
    response_modes_supported: ['query'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: v2 ? `${call.origin}/${tid}/v2.0` : `https://sts.windows.net/${tid}/`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${oauth2}/authorize`,
    http_logout_supported: true,
    end_session_endpoint: `${oauth2}/logout`,
    tenant_region_scope: null,
    cloud_instance_name: 'microsoftonline.com',
  });
}

/** The signing keys; those of v2 name the issuer that they may sign for. */
export function discoveryKeys(state: EntraState, call: Call): Response {
  const issuer = `${call.origin}/${issuerTenant(call)}/v2.0`;
  const keys = state.keys.list().map(({ kid, publicJwk: { kty, n, e } }) => {
    const key = { kty, use: 'sig', kid, x5t: kid, n, e };
    return call.version === 2 ? { ...key, issuer } : key;
  });
  return Response.json({ keys });
}

/** What MSAL asks to learn which hosts are one cloud. */
export function discoveryInstance(_state: EntraState, call: Call): Response {
  const { host } = new URL(call.origin);
  return Response.json({
    tenant_discovery_endpoint: `${call.origin}/common/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  });
}

const TEMPLATE = '{tenantid}';

function issuerTenant(call: Call): string {
  if (call.segment === 'common' || call.segment === 'organizations') return TEMPLATE;
  return requireTenant(call, 'invalid_tenant').tenantId;
}
