import { UnsecuredJWT } from 'jose';
import type { Log } from '../../shared/log.ts';
import { createResources } from '../../shared/resources/resource.ts';
import { type AccessTokenClaims, readClaims } from '../../shared/tokens/claims/access-token.ts';
import { createMatchToken, type MatchToken } from '../../shared/tokens/claims/match-token.ts';

/** The tenant, client and claims that made-up tokens carry unless told otherwise. */
export const TENANT = '5b2f7c1e-90d4-4c6b-8a51-3f1e6a7d2b90';
export const OTHER_TENANT = '6c3a8d2f-a1e5-4d7c-9b62-4a2f7b8e3ca1';
export const CLIENT = '0f9e8d7c-6b5a-4c3d-9e1f-a2b3c4d5e6f7';

/** A made-up access token; clients read such tokens without being able to verify them. */
export function makeAccessToken(claims: Record<string, unknown> = {}): string {
  return new UnsecuredJWT({
    tid: TENANT,
    aud: 'https://api.security.microsoft.com',
    appid: CLIENT,
    oid: '7d4b9e3a-b2f6-4e8d-8c73-5b3a8c9f4db2',
    roles: ['Incident.Read.All'],
    uti: 'unique-token-id',
    exp: Math.floor(Date.UTC(2026, 10, 21, 10) / 1000),
    ...claims,
  }).encode();
}

/** The claims of a token that can be read. */
export function claimsOf(accessToken: string): AccessTokenClaims {
  const { claims, unreadable } = readClaims(accessToken);
  if (!claims) throw new Error(`The token can not be read: ${unreadable}.`);
  return claims;
}

/** The comparison of tokens of the made-up client in the global cloud. */
export function createMatcher(log: Log): MatchToken {
  return createMatchToken({ resources: createResources('global'), clientId: CLIENT, log });
}
