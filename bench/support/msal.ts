import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node';
import { CLIENT_ID, makeAccessToken, RESOURCES } from './access-token.ts';

const AUTHORITY = 'https://login.microsoftonline.com';
const SCOPES = [`${RESOURCES['defender-xdr'].identifier}/.default`];

/**
 * One client application of MSAL Node with a token of each tenant in its cache; answers its cached
 * hit.
 */
export async function createFilledMsal(
  tenantIds: readonly string[],
): Promise<(tenantId: string) => Promise<unknown>> {
  const application = new ConfidentialClientApplication({
    auth: { clientId: CLIENT_ID, clientSecret: 'a secret', authority: `${AUTHORITY}/common` },
    system: { networkClient: createNetwork() },
  });
  const acquire = (tenantId: string) =>
    application.acquireTokenByClientCredential({
      scopes: SCOPES,
      authority: `${AUTHORITY}/${tenantId}`,
    });
  for (const tenantId of tenantIds) await acquire(tenantId);
  return async (tenantId) => {
    const result = await acquire(tenantId);
    if (!result?.fromCache) throw new Error('MSAL did not answer from its cache.');
  };
}

/** Entra as MSAL sees it, without a network. */
function createNetwork(): INetworkModule {
  const answer = <T>(body: object) =>
    // The caller names the type of the body; this is the network, so nobody can check it.
    Promise.resolve({ headers: {}, body: body as T, status: 200 });
  return {
    sendGetRequestAsync: (url) => {
      const [, tenant = 'common'] = new URL(url).pathname.split('/');
      return answer({
        tenant_discovery_endpoint: `${AUTHORITY}/${tenant}/v2.0/.well-known/openid-configuration`,
        issuer: `${AUTHORITY}/${tenant}/v2.0`,
        authorization_endpoint: `${AUTHORITY}/${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${AUTHORITY}/${tenant}/oauth2/v2.0/token`,
        jwks_uri: `${AUTHORITY}/${tenant}/discovery/v2.0/keys`,
        metadata: [],
        'api-version': '1.1',
      });
    },
    sendPostRequestAsync: (url) => {
      const [, tenantId = ''] = new URL(url).pathname.split('/');
      const access_token = makeAccessToken({ tenantId, resource: 'defender-xdr' });
      return answer({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token });
    },
  };
}
