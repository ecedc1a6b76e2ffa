import { createPublicKey } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Call, EntraState } from '../context.ts';
import type { Application } from '../directory/directory-model.ts';
import { EntraError } from '../errors.ts';
import { checkFederatedAssertion } from './federated-assertion.ts';

/** A client assertion and the application that must have made it, or trust its maker. */
interface PresentedAssertion {
  readonly application: Application;
  readonly assertion: string;
}

/** Seconds that clocks may differ. */
const SKEW_SECONDS = 300;

/**
 * Verifies a `client_assertion`: signed by a registered certificate, or a token of an identity that
 * a federated credential trusts. A `jti` may come again: MSAL reuses an assertion until it expires.
 */
export async function verifyClientAssertion(
  state: EntraState,
  call: Call,
  presented: PresentedAssertion,
): Promise<void> {
  const { header, claims } = decode(presented.assertion);
  const options = { currentDate: new Date(call.now), clockTolerance: SKEW_SECONDS };
  const x5t = header['x5t#S256'];
  if (typeof x5t !== 'string' && claims.iss !== presented.application.clientId) {
    checkFederatedAssertion(presented.application, claims);
    await verified(call, claims, () => state.keys.verifyToken(presented.assertion, options));
    return;
  }
  const certificate = presented.application.certificates.find(({ x5tS256 }) => x5tS256 === x5t);
  if (certificate === undefined) throw unregistered(String(x5t), 'The key was not found.');
  const key = createPublicKey({ key: certificate.publicJwk, format: 'jwk' });
  checkIssuer(presented.application, claims);
  checkAudienceClaim(call, claims);
  await verified(call, claims, () =>
    jwtVerify(presented.assertion, key, {
      ...options,
      algorithms: ['PS256', 'RS256'],
      requiredClaims: ['exp'],
    }),
  );
}

async function verified(
  call: Call,
  claims: JWTPayload,
  verify: () => Promise<unknown>,
): Promise<void> {
  try {
    await verify();
  } catch (error) {
    const claim = error instanceof errors.JWTClaimValidationFailed ? error.claim : '';
    if (error instanceof errors.JWTExpired || claim === 'nbf' || claim === 'exp') {
      throw new EntraError(
        700024,
        'Client assertion is not within its valid time range. Current time: ' +
          `${new Date(call.now).toISOString()}, assertion valid from ${dateOf(claims.nbf)}, ` +
          `expiry time of assertion ${dateOf(claims.exp)}.`,
      );
    }
    throw unregistered('the presented key', 'The signature is not valid.');
  }
}

function decode(assertion: string) {
  try {
    return { header: decodeProtectedHeader(assertion), claims: decodeJwt(assertion) };
  } catch {
    throw new EntraError(9002313, 'Invalid request. The client assertion is not a JWT.');
  }
}

function checkIssuer({ clientId }: Application, { iss, sub }: JWTPayload): void {
  if (iss === clientId && sub === clientId) return;
  throw new EntraError(
    700021,
    'Client assertion application identifier doesn’t match ' +
      `'client_id' parameter. 'iss' and 'sub' must be '${clientId}'.`,
  );
}

function checkAudienceClaim({ origin, segment, tenant }: Call, { aud }: JWTPayload): void {
  const accepted = [segment, tenant?.tenantId ?? segment].flatMap((name) => [
    `${origin}/${name}/oauth2/v2.0/token`,
    `${origin}/${name}/oauth2/token`,
  ]);
  if (typeof aud === 'string' && accepted.includes(aud)) return;
  throw new EntraError(
    700023,
    `Client assertion audience claim does not match Realm issuer. Expected: ${accepted[0]}.`,
  );
}

function unregistered(thumbprint: string, reason: string): EntraError {
  return new EntraError(
    700027,
    'The certificate with identifier used to sign the client assertion is not registered on ' +
      `application. [Reason - ${reason} Thumbprint of key used by client: '${thumbprint}'.]`,
  );
}

function dateOf(seconds: number | undefined): string {
  return seconds === undefined ? 'unknown' : new Date(seconds * 1000).toISOString();
}
