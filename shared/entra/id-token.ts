import {
  decodeJwt,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import * as v from 'valibot';
import type { SignedIn } from '../consent/entra-consent.ts';
import { findGuid } from '../guid.ts';
import type { Fetch } from './entra-http.ts';
import type { TokenVersion } from './openid-metadata.ts';
import { createPublishedKeys } from './published-keys.ts';

const claimsSchema = v.object({
  tid: v.string(),
  nonce: v.string(),
  preferred_username: v.optional(v.string()),
  upn: v.optional(v.string()),
  // What can't be read is no role: it only ever lets somebody in.
  wids: v.fallback(v.optional(v.array(v.string()), []), []),
});

/** The id_token is not this client's, not for this attempt, or not signed by its tenant. */
export class IdTokenRefused extends Error {
  override readonly name = 'IdTokenRefused';
}

/** What an id_token is checked against. */
interface IdTokenCheck {
  readonly version: TokenVersion;
  readonly nonce: string;
}

/** Verifies an id_token (OpenID Connect Core section 3.1.3.7); rejects with IdTokenRefused. */
export type VerifyIdToken = (idToken: string, check: IdTokenCheck) => Promise<SignedIn>;

/**
 * Creates the verification. The issuer and keys are those that the token's own tenant publishes at
 * our authority, so the issuer is compared exactly; onboarding is rare, so nothing is cached.
 */
export function createVerifyIdToken({
  fetch,
  authority,
  clientId,
  now,
}: {
  fetch: Fetch;
  authority: string;
  clientId: string;
  now: () => number;
}): VerifyIdToken {
  return async (idToken, { version, nonce }) => {
    const tenantId = findGuid(String(decode(idToken).tid));
    if (!tenantId) throw new IdTokenRefused('It names no tenant.');
    const keys = createPublishedKeys({ fetch, of: { authority, tenantId, version }, now });
    const issuer = await keys.issuer();
    const payload = await verify(idToken, keys.getKey, {
      algorithms: ['RS256'],
      issuer,
      audience: clientId,
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: '5 min',
      currentDate: new Date(now()),
    });
    const claims = v.safeParse(claimsSchema, payload);
    if (!claims.success) throw new IdTokenRefused('It lacks a claim.');
    const { nonce: answered, preferred_username, upn, wids } = claims.output;
    if (answered !== nonce) throw new IdTokenRefused('It is for another attempt.');
    return { tenantId, userName: preferred_username ?? upn, directoryRoles: wids };
  };
}

async function verify(
  idToken: string,
  getKey: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(idToken, getKey, options)).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new IdTokenRefused(error.code, { cause: error });
    throw error;
  }
}

function decode(idToken: string): JWTPayload {
  try {
    return decodeJwt(idToken);
  } catch (error) {
    throw new IdTokenRefused('It is not a JWT.', { cause: error });
  }
}
