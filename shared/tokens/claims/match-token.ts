import type { Log } from '../../log.ts';
import type { Resources } from '../../resources/resource.ts';
import type { TokenKey } from '../token-record.ts';
import { type AccessTokenClaims, findMismatch, readClaims } from './access-token.ts';
import { createShareRoles } from './shared-roles.ts';

/**
 * Compares a token with what was asked for, before it is stored or handed out. `undefined`: it is
 * not, or can't be shown to be, an app-only token of our client for that tenant and API. That is
 * logged, and such a token goes no further.
 */
export type MatchToken = (key: TokenKey, accessToken: string) => AccessTokenClaims | undefined;

/** Creates the comparison: it fails closed, so what can't be read does not pass. */
export function createMatchToken({
  resources,
  clientId,
  log,
}: {
  resources: Resources;
  clientId: string;
  log: Log;
}): MatchToken {
  const shareRoles = createShareRoles();
  return ({ tenantId, resource }, accessToken) => {
    const { claims, unreadable } = readClaims(accessToken);
    const asked = { tenantId, clientId, resource: resources[resource] };
    const claim = claims ? findMismatch(claims, asked) : unreadable;
    if (claims && claim === undefined) return { ...claims, roles: shareRoles(claims.roles) };
    const reason = claims ? 'differs' : 'unreadable';
    log.error('token.mismatch', { tenant: tenantId, resource, claim, reason });
    return undefined;
  };
}
