import { findTenantName } from '../tenants/tenant-name.ts';
import { TOKEN_EXCHANGE } from './token-exchange.ts';

/**
 * Where the metadata stands decides how its issuer is spelled: clients compare it with where they
 * looked.
 */
export type MetadataVersion = 'v1.0' | 'v2.0';

/**
 * Creates the metadata of any tenant (OpenID Connect Discovery 1.0 section 3); `undefined`: no
 * tenant can be called that.
 */
export function createMetadata(publicBaseUrl: string) {
  return (tenant: string, version: MetadataVersion) => {
    if (findTenantName(tenant) === undefined) return undefined;
    const base = `${publicBaseUrl}/${tenant}`;
    return {
      issuer: version === 'v2.0' ? `${base}/v2.0` : base,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      token_endpoint_auth_methods_supported: [
        'client_secret_post',
        'client_secret_basic',
        'private_key_jwt',
      ],
      token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256'],
      grant_types_supported: ['client_credentials', TOKEN_EXCHANGE],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: [],
    };
  };
}
