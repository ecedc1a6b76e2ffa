import { createHash, randomBytes } from 'node:crypto';
import type { Call, EntraState } from '../context.ts';
import { DELEGATED_SCOPE, findAskedApi, rolesOf } from '../directory/delegated-scopes.ts';
import type { Tenant, User } from '../directory/directory-model.ts';
import type { ResourceApi } from '../directory/resources.ts';
import { toRoleTemplates } from '../directory/role-templates.ts';
import { issuerClaims, timesOf } from './access-tokens.ts';

/** Who signed in, to which client, asked over which version of the endpoints. */
export interface SignedIn {
  readonly tenant: Tenant;
  readonly user: User;
  readonly clientId: string;
  readonly nonce: string | undefined;
}

const LIFETIME_SECONDS = 3600;

/** Issues the id_token of the code leg. */
export function issueIdToken(
  { keys, directory }: EntraState,
  call: Call,
  who: SignedIn,
): Promise<string> {
  const { tenant, user, clientId, nonce } = who;
  const membership = directory.applications.get(clientId)?.groupMembershipClaims;
  const names =
    call.version === 2
      ? { preferred_username: user.userPrincipalName }
      : { upn: user.userPrincipalName, unique_name: user.userPrincipalName };
  const claims = {
    aud: clientId,
    ...issuerClaims(call.version, tenant.tenantId, call.origin),
    ...timesOf(call.now, LIFETIME_SECONDS),
    ...names,
    name: user.displayName,
    ...(membership === 'DirectoryRole' ? { wids: toRoleTemplates(user.roles) } : {}),
    ...(nonce === undefined ? {} : { nonce }),
    oid: user.oid,
    sub: pairwise(user, clientId),
    uti: randomBytes(16).toString('base64url'),
  };
  return keys.signToken(claims, call.version);
}

/**
 * Issues the access token of the code leg: for the partner's own API if its scope was asked for.
 */
export function issueUserToken(
  state: EntraState,
  call: Call,
  who: SignedIn & { readonly scope: string },
): Promise<string> {
  const api = findAskedApi(state.directory, who.scope);
  return api === undefined
    ? issueGraphToken(state, call, who)
    : issueApiToken(state, call, { ...who, api });
}

/**
 * A delegated token of an API that wants v2 tokens: `scp`, and the app roles that the person holds.
 */
function issueApiToken(
  { directory, keys }: EntraState,
  call: Call,
  { tenant, user, clientId, api }: SignedIn & { readonly api: ResourceApi },
): Promise<string> {
  const { homeTenantId } = directory;
  const claims = {
    aud: api.appId,
    ...issuerClaims(2, tenant.tenantId, call.origin),
    ...timesOf(call.now, LIFETIME_SECONDS),
    azp: clientId,
    azpacr: '1',
    ...(api.emitsIdtyp ? { idtyp: 'user' } : {}),
    name: user.displayName,
    oid: user.oid,
    preferred_username: user.userPrincipalName,
    roles: rolesOf(tenant, user, { api, homeTenantId }),
    scp: DELEGATED_SCOPE,
    sub: pairwise(user, api.appId),
    uti: randomBytes(16).toString('base64url'),
  };
  return keys.signToken(claims, 2);
}

/** The delegated token of Microsoft Graph: it has `scp` and never `roles`. */
function issueGraphToken({ keys }: EntraState, call: Call, who: SignedIn): Promise<string> {
  const { tenant, user, clientId } = who;
  const claims = {
    aud: 'https://graph.microsoft.com',
    ...issuerClaims(1, tenant.tenantId, call.origin),
    ...timesOf(call.now, LIFETIME_SECONDS),
    appid: clientId,
    appidacr: '1',
    idtyp: 'user',
    name: user.displayName,
    oid: user.oid,
    scp: 'openid profile email',
    sub: pairwise(user, 'graph'),
    unique_name: user.userPrincipalName,
    upn: user.userPrincipalName,
    uti: randomBytes(16).toString('base64url'),
  };
  return keys.signToken(claims, 1);
}

function pairwise({ oid }: User, clientId: string): string {
  return createHash('sha256').update(`${oid} ${clientId}`).digest('base64url');
}
