import { createHash, randomBytes } from 'node:crypto';
import type { Call, EntraState } from '../context.ts';
import type { Tenant, User } from '../directory/directory-model.ts';
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
export function issueIdToken({ keys }: EntraState, call: Call, who: SignedIn): Promise<string> {
  const { tenant, user, clientId, nonce } = who;
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
    ...(nonce === undefined ? {} : { nonce }),
    oid: user.oid,
    sub: pairwise(user, clientId),
    uti: randomBytes(16).toString('base64url'),
  };
  return keys.signToken(claims, call.version);
}

/** Issues the delegated Microsoft Graph token of the code leg: it has `scp` and never `roles`. */
export function issueUserToken({ keys }: EntraState, call: Call, who: SignedIn): Promise<string> {
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
