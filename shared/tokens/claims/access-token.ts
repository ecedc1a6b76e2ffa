import { hash } from 'node:crypto';
import { findGuid } from '../../guid.ts';
import { isAudienceOf, type Resource } from '../../resources/resource.ts';
import { isIssuerOf } from './issuing-tenant.ts';
import { readPayload } from './jwt-payload.ts';

/**
 * The claims of an app-only access token that a broker may look at, v1.0 and v2.0 alike
 * ("Access token claims reference", Microsoft Learn). Times are epoch milliseconds.
 */
export interface AccessTokenClaims {
  readonly tenantId: string;
  readonly clientId: string;
  readonly audience: string;
  /** Service principal in the customer's tenant; absent when the app was never consented there. */
  readonly objectId: string | undefined;
  readonly roles: readonly string[];
  readonly expiresAt: number;
  /** Entra's id of this token, also in the customer's sign-in log. */
  readonly uti: string | undefined;
  /** `false`: the token says that it is a user's, or not an app's alone. */
  readonly isAppOnly: boolean;
}

/** Why a token can't be read: it is no JWT, or a claim that must be readable is not. */
export type UnreadablePart = 'jwt' | 'tid' | 'appid' | 'aud' | 'exp' | 'oid' | 'iss';

/** What a token says, or the first part of it that can't be read. */
type ReadClaims =
  | { readonly claims: AccessTokenClaims; readonly unreadable?: undefined }
  | { readonly claims?: undefined; readonly unreadable: UnreadablePart };

/** The last second that a Date can hold. */
const LATEST_EXP_SECONDS = 8.64e12;

/** Entra's ids have 22 characters; what can't be an id is not kept as one. */
const UTI = /^\P{Cc}{1,128}$/u;

/**
 * Reads the claims without trusting them, each on its own. What says whose token it is, for whom
 * and until when must be there and of its type: Entra's app-only tokens for our resources are JWTs
 * that have all of it. A claim that only informs (`roles`, `uti`) counts as absent when it is of
 * another type.
 */
export function readClaims(accessToken: string): ReadClaims {
  const payload = readPayload(accessToken);
  if (!payload) return { unreadable: 'jwt' };
  const { tid, aud, exp, oid, iss, roles, uti, idtyp, scp } = payload;
  const tenantId = findGuidIn(tid);
  if (!tenantId) return { unreadable: 'tid' };
  const clientId = findClientId(payload);
  if (!clientId) return { unreadable: 'appid' };
  if (typeof aud !== 'string') return { unreadable: 'aud' };
  if (!isExp(exp)) return { unreadable: 'exp' };
  if (oid !== undefined && !findGuidIn(oid)) return { unreadable: 'oid' };
  if (iss !== undefined && !isIssuer(tenantId, iss)) return { unreadable: 'iss' };
  return {
    claims: {
      tenantId,
      clientId,
      audience: aud,
      objectId: oid === undefined ? undefined : findGuidIn(oid),
      roles: isTexts(roles) ? roles : [],
      expiresAt: exp * 1000,
      uti: typeof uti === 'string' && UTI.test(uti) ? uti : undefined,
      isAppOnly: scp === undefined && (idtyp === undefined || idtyp === 'app'),
    },
  };
}

/** What a token was asked for. */
interface AskedFor {
  readonly tenantId: string;
  readonly clientId: string;
  readonly resource: Resource;
}

/** The claim in which a token differs from what was asked, `undefined` when none does. */
export function findMismatch(
  claims: AccessTokenClaims,
  { tenantId, clientId, resource }: AskedFor,
): 'tid' | 'appid' | 'aud' | 'idtyp' | undefined {
  if (claims.tenantId !== tenantId) return 'tid';
  if (claims.clientId !== clientId) return 'appid';
  if (!isAudienceOf(resource, claims.audience)) return 'aud';
  if (!claims.isAppOnly) return 'idtyp';
  return undefined;
}

/** What logs and the ledger know a token by: base64url of its SHA-256. */
export function toTokenHash(accessToken: string): string {
  return hash('sha256', accessToken, 'base64url');
}

/**
 * v1.0 tokens name the client in `appid`, v2.0 tokens in `azp`; where both are there they must
 * agree.
 */
function findClientId({ appid, azp }: Readonly<Record<string, unknown>>): string | undefined {
  const ids = [appid, azp].filter((value) => value !== undefined).map(findGuidIn);
  return ids.every((id) => id === ids[0]) ? ids[0] : undefined;
}

function isIssuer(tenantId: string, iss: unknown): boolean {
  return typeof iss === 'string' && isIssuerOf(tenantId, iss);
}

function isExp(exp: unknown): exp is number {
  return Number.isSafeInteger(exp) && Number(exp) >= 0 && Number(exp) <= LATEST_EXP_SECONDS;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function findGuidIn(value: unknown): string | undefined {
  return typeof value === 'string' ? findGuid(value) : undefined;
}
