import type { JWTPayload } from 'jose';
import type { EntraState } from '../context.ts';
import { issuerClaims } from './access-tokens.ts';

/** Verifies a token by this stand-in's own keys, clock and tenants; rejects on anything else. */
export async function verifyAccessToken(
  { directory, keys }: EntraState,
  origin: string,
  token: string,
): Promise<JWTPayload> {
  const currentDate = new Date(directory.now());
  const claims = await keys.verifyToken(token, { currentDate, requiredClaims: ['exp', 'tid'] });
  const tid = String(claims.tid);
  const issuers = [issuerClaims(1, tid, origin).iss, issuerClaims(2, tid, origin).iss];
  if (!directory.tenants.has(tid) || !issuers.includes(claims.iss ?? '')) {
    throw new Error('The token has an unknown issuer');
  }
  return claims;
}
