import { hash } from 'node:crypto';
import { decodeJwt } from 'jose';
import * as v from 'valibot';
import { isAudienceOf, type Resource } from './resource.ts';

/**
 * The claims of an app-only access token that a broker may look at, v1.0 and v2.0 alike
 * ("Access token claims reference", Microsoft Learn). Times are epoch milliseconds.
 */
export interface AccessTokenClaims {
  readonly tenantId: string;
  readonly clientId: string | undefined;
  readonly audience: string;
  /** Service principal in the customer's tenant; absent when the app was never consented there. */
  readonly objectId: string | undefined;
  readonly roles: readonly string[];
  readonly expiresAt: number;
  /** Entra's id of this token, also in the customer's sign-in log. */
  readonly uti: string | undefined;
}

/** The last second that a Date can hold. */
const LATEST_EXP = 8.64e12;

const claimsSchema = v.object({
  tid: v.string(),
  aud: v.string(),
  exp: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LATEST_EXP)),
  appid: v.optional(v.string()),
  azp: v.optional(v.string()),
  oid: v.optional(v.string()),
  roles: v.optional(v.array(v.string())),
  uti: v.optional(v.string()),
});

/**
 * Reads the claims without trusting them; `undefined` for a token that is not a readable JWT.
 * Tokens for others' APIs are opaque by contract, so an unreadable one is no error in itself.
 */
export function findClaims(accessToken: string): AccessTokenClaims | undefined {
  const parsed = v.safeParse(claimsSchema, decode(accessToken));
  if (!parsed.success) return undefined;
  const { tid, aud, exp, appid, azp, oid, roles, uti } = parsed.output;
  return {
    tenantId: tid.toLowerCase(),
    clientId: (appid ?? azp)?.toLowerCase(),
    audience: aud,
    objectId: oid,
    roles: roles ?? [],
    expiresAt: exp * 1000,
    uti,
  };
}

/** What a token was asked for. */
export interface AskedFor {
  readonly tenantId: string;
  readonly clientId: string;
  readonly resource: Resource;
}

/** The claim in which a token differs from what was asked, `undefined` when none does. */
export function findMismatch(
  claims: AccessTokenClaims,
  { tenantId, clientId, resource }: AskedFor,
): 'tid' | 'appid' | 'aud' | undefined {
  if (claims.tenantId !== tenantId) return 'tid';
  if (claims.clientId !== clientId) return 'appid';
  if (!isAudienceOf(resource, claims.audience)) return 'aud';
  return undefined;
}

/** What logs and the ledger know a token by: base64url of its SHA-256. */
export function toTokenHash(accessToken: string): string {
  return hash('sha256', accessToken, 'base64url');
}

function decode(accessToken: string): unknown {
  try {
    return decodeJwt(accessToken);
  } catch {
    return undefined;
  }
}
