import { randomBytes } from 'node:crypto';
import type { EntraState } from '../context.ts';
import type { Directory, ManagedIdentity } from '../directory/directory-model.ts';
import type { ResourceApi } from '../directory/resources.ts';
import { getTenant } from '../directory.ts';
import { issuerClaims, timesOf } from './access-tokens.ts';

/** What the endpoint of a host asks for; without a client id the only identity is meant. */
export interface ManagedIdentityRequest {
  readonly resource: string;
  readonly clientId?: string;
}

/** A token of a managed identity; `expiresOn` is epoch seconds. */
export interface ManagedIdentityToken {
  readonly accessToken: string;
  readonly expiresOn: number;
}

const LIFETIME_SECONDS = 24 * 3600;
const TOKEN_EXCHANGE = 'api://AzureADTokenExchange';

/** Issues a token of the home tenant for a user-assigned identity; throws for an unknown one. */
export async function issueManagedIdentityToken(
  { directory, keys }: EntraState,
  origin: string,
  request: ManagedIdentityRequest,
): Promise<ManagedIdentityToken> {
  const identity = findIdentity([...directory.managedIdentities.values()], request.clientId);
  const audience = request.resource.replace(/\/\.default$/, '');
  const api = findApi(directory, audience);
  const version = api?.accessTokenVersion ?? (audience === TOKEN_EXCHANGE ? 2 : 1);
  const roles = api ? listRoles(directory, identity, api) : [];
  const times = timesOf(directory.now(), LIFETIME_SECONDS);
  const claims = {
    aud: api && version === 2 ? api.appId : audience,
    ...issuerClaims(version, directory.homeTenantId, origin),
    ...times,
    ...(version === 1
      ? { appid: identity.clientId, appidacr: '2' }
      : { azp: identity.clientId, azpacr: '2' }),
    ...(roles.length > 0 ? { roles } : {}),
    idtyp: 'app',
    oid: identity.principalId,
    sub: identity.principalId,
    uti: randomBytes(16).toString('base64url'),
  };
  return { accessToken: await keys.signToken(claims, version), expiresOn: times.exp };
}

/** An API that the home tenant has registered. */
function findApi({ applications }: Directory, audience: string): ResourceApi | undefined {
  const apis = [...applications.values()].map(({ api }) => api);
  return apis.find((api) => api?.appId === audience || api?.identifiers.includes(audience));
}

/** App roles are assigned to an identity as to any enterprise application. */
function listRoles(
  directory: Directory,
  { clientId }: ManagedIdentity,
  { key }: ResourceApi,
): readonly string[] {
  const { servicePrincipals } = getTenant(directory, directory.homeTenantId);
  const grants = servicePrincipals.get(clientId)?.grants ?? [];
  return grants.filter(({ resource }) => resource === key).map(({ role }) => role);
}

function findIdentity(
  identities: readonly ManagedIdentity[],
  clientId: string | undefined,
): ManagedIdentity {
  const [only, ...others] = identities;
  const found = clientId === undefined ? only : identities.find((id) => id.clientId === clientId);
  if (found === undefined || (clientId === undefined && others.length > 0)) {
    throw new Error('The home tenant has no such managed identity, or several to choose from');
  }
  return found;
}
