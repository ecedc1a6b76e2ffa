import type { RequiredRoles } from '../config.ts';
import type { AccessTokenClaims } from './claims/access-token.ts';
import type { MatchToken } from './claims/match-token.ts';
import { IssueError } from './failure.ts';
import type { TokenKey } from './token-record.ts';

/** A token as Entra's answer describes it (RFC 6749 section 5.1). */
export interface TokenResponse {
  readonly accessToken: string;
  readonly expiresInMs: number;
}

/** Asks Entra for an app-only token; rejects with an IssueError, and with nothing else. */
export type RequestToken = (key: TokenKey) => Promise<TokenResponse>;

/** A token that is for what was asked. */
export interface IssuedToken extends TokenResponse {
  readonly claims: AccessTokenClaims;
}

/** Asks Entra and compares the answer with the question; rejects with an IssueError. */
export type IssueToken = (key: TokenKey) => Promise<IssuedToken>;

/** Wraps requests to Entra so that a token for anything else than was asked goes no further. */
export function createTokenIssuer({
  requestToken,
  matchToken,
}: {
  requestToken: RequestToken;
  matchToken: MatchToken;
}): IssueToken {
  return async (key) => {
    const response = await requestToken(key);
    const claims = matchToken(key, response.accessToken);
    if (!claims) throw new IssueError({ cause: 'wrong_token' });
    return { ...response, claims };
  };
}

/**
 * The roles of a token that may be stored and handed out. A token without `oid` comes from a tenant
 * that never consented, one without roles opens nothing: Entra issues both ("Controlling tokens
 * without the roles claim").
 */
export function assertGranted(
  { claims }: IssuedToken,
  key: TokenKey,
  required: RequiredRoles,
): readonly string[] {
  if (!claims.objectId) throw new IssueError({ cause: 'consent_missing' });
  const missing = findMissingRoles(claims.roles, required.get(key.resource) ?? []);
  if (missing.length === 0 && claims.roles.length > 0) return claims.roles;
  throw new IssueError({ cause: 'roles_missing', missingRoles: missing });
}

/** The required roles that were not granted; a write role includes its read role. */
export function findMissingRoles(
  granted: readonly string[],
  required: readonly string[],
): readonly string[] {
  return required.filter(
    (role) =>
      !granted.includes(role) && !granted.includes(role.replace(/\.Read\.All$/, '.ReadWrite.All')),
  );
}
