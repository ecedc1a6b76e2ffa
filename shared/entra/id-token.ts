import { decodeJwt, jwtVerify } from 'jose';
import * as v from 'valibot';
import type { SignedIn } from '../consent/entra-consent.ts';
import { findGuid } from '../guid.ts';
import type { Fetch } from './entra-http.ts';
import { type TokenVersion, toMetadataUrl } from './openid-metadata.ts';
import { createPublishedKeys } from './published-keys.ts';

const claimsSchema = v.object({
  tid: v.string(),
  nonce: v.string(),
  preferred_username: v.optional(v.string()),
  upn: v.optional(v.string()),
});

/** What an id_token is checked against. */
export interface IdTokenCheck {
  readonly version: TokenVersion;
  readonly nonce: string;
}

/** Verifies an id_token (OpenID Connect Core section 3.1.3.7); rejects unless it is this client's, for this attempt. */
export type VerifyIdToken = (idToken: string, check: IdTokenCheck) => Promise<SignedIn>;

/**
 * Creates the verification. The issuer and keys are those that the token's own tenant publishes at our authority, so
 * the issuer is compared exactly; onboarding is rare, so nothing is cached.
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
    const tenantId = findGuid(String(decodeJwt(idToken).tid));
    if (!tenantId) throw new Error('The id_token names no tenant.');
    const metadataUrl = toMetadataUrl(authority, tenantId, version);
    const keys = createPublishedKeys({ fetch, metadataUrl, now });
    const { payload } = await jwtVerify(idToken, keys.getKey, {
      algorithms: ['RS256'],
      issuer: await keys.issuer(),
      audience: clientId,
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: '5 min',
      currentDate: new Date(now()),
    });
    const claims = v.parse(claimsSchema, payload);
    if (claims.nonce !== nonce) throw new Error('The id_token is for another attempt.');
    return { tenantId, userName: claims.preferred_username ?? claims.upn };
  };
}
