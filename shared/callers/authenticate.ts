import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { createBoundedMap } from '../bounded-map.ts';
import { BrokerError } from '../errors.ts';
import { MINUTE } from '../time.ts';
import type { Caller } from './caller.ts';
import { parseCallerClaims, toCaller, toInvalidToken } from './caller-claims.ts';

/** An issuer of the home tenant and the keys it publishes. */
interface TrustedIssuer {
  issuer(): Promise<string>;
  readonly getKey: JWTVerifyGetKey;
}

/** Turns an `Authorization` header into a caller; rejects with `invalid_token`. */
export type Authenticate = (authorization: string | undefined) => Caller | Promise<Caller>;

/**
 * A verified token is not verified again for this long: a bound on how late a withdrawn key is
 * noticed.
 */
const VERIFIED_AGE = 5 * MINUTE;

/** More tools than a partner runs; each has one token at a time, of about 2 KB. */
const MAX_VERIFIED = 4000;

/** RFC 6750 section 2.1; schemes are compared without case (RFC 9110 section 11.1). */
const SCHEME = 'bearer ';

interface Verified {
  readonly token: string;
  readonly caller: Caller;
  readonly until: number;
}

/**
 * The end of a token, its signature's, finds it; then the whole is compared. To hash 2 KB for each
 * request would cost more than all else that a cached answer needs.
 */
const toKey = (token: string) => token.slice(-64);

/** A bearer token larger than this is not one of Entra's. */
const MAX_TOKEN_LENGTH = 16 * 1024;

/**
 * Creates the check of callers' access tokens (RFC 6750, RFC 9068 section 4): signed by the home
 * tenant's published keys, from its v1 or v2 issuer, for our API, in time. Equal tokens are
 * verified once.
 */
export function createAuthenticate({
  issuers,
  audiences,
  homeTenantId,
  userClients,
  now,
}: {
  issuers: readonly TrustedIssuer[];
  audiences: readonly string[];
  homeTenantId: string;
  /** Client ids of the applications through which people may call, in lower case. */
  userClients: ReadonlySet<string>;
  now: () => number;
}): Authenticate {
  const verified = createBoundedMap<Verified>(MAX_VERIFIED);

  const verify = async (token: string): Promise<Caller> => {
    const claims = parseCallerClaims(await verifyAny(token), homeTenantId);
    const caller = toCaller(claims, userClients);
    const until = Math.min(claims.exp * 1000, now() + VERIFIED_AGE);
    verified.set(toKey(token), { token, caller, until });
    return caller;
  };

  const verifyAny = async (token: string): Promise<JWTPayload> => {
    const issuer = await findIssuer(issuers, token);
    try {
      const { payload } = await jwtVerify(token, issuer.getKey, {
        algorithms: ['RS256'],
        issuer: await issuer.issuer(),
        audience: [...audiences],
        requiredClaims: ['exp', 'tid'],
        currentDate: new Date(now()),
      });
      return payload;
    } catch (error) {
      throw toVerificationError(error);
    }
  };

  return (authorization) => {
    const token = readBearer(authorization);
    const known = verified.get(toKey(token));
    return known?.token === token && now() < known.until ? known.caller : verify(token);
  };
}

function readBearer(authorization: string | undefined): string {
  const token = authorization?.slice(SCHEME.length) ?? '';
  const isBearer = authorization?.slice(0, SCHEME.length).toLowerCase() === SCHEME;
  if (isBearer && token && token.length <= MAX_TOKEN_LENGTH) return token;
  throw toInvalidToken('The request carries no bearer access token.');
}

/**
 * The issuer is read from the token only to pick the keys: the signature then has to be that
 * issuer's. An issuer whose metadata can't be read keeps out no token of the other.
 */
async function findIssuer(
  issuers: readonly TrustedIssuer[],
  token: string,
): Promise<TrustedIssuer> {
  const claimed = readClaimedIssuer(token);
  let failure: { readonly cause: unknown } | undefined;
  for (const issuer of issuers) {
    try {
      if ((await issuer.issuer()) === claimed) return issuer;
    } catch (cause) {
      failure = { cause };
    }
  }
  if (failure) throw toKeysError(failure.cause);
  throw toInvalidToken('The access token comes from another issuer than the home tenant.');
}

function readClaimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw toInvalidToken('The access token is not a JWT.');
  }
}

function toVerificationError(error: unknown): BrokerError {
  if (error instanceof errors.JWTExpired) return toInvalidToken('The access token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return toInvalidToken(`The claim ${error.claim} of the access token is not accepted.`);
  }
  if (error instanceof errors.JOSEError) {
    return toInvalidToken("The access token's signature is not accepted.");
  }
  return toKeysError(error);
}

function toKeysError(cause: unknown): BrokerError {
  return new BrokerError('temporarily_unavailable', "Entra's signing keys can't be read.", {
    owner: 'microsoft',
    remedy: 'Try again.',
    retryAfterSeconds: 5,
    cause,
  });
}
