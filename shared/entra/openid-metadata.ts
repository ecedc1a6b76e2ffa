import * as v from 'valibot';
import { BrokerError } from '../errors.ts';
import { findGuid } from '../guid.ts';
import { toRetryAfterSeconds } from '../retry/retry-after.ts';
import type { FindTenantOfDomain } from '../tenants/tenant-name.ts';
import { findIssuingTenant, isIssuerOf } from '../tokens/claims/issuing-tenant.ts';
import { type EntraAnswer, type Fetch, findEntraError, getJson } from './entra-http.ts';

/** What the broker reads of a tenant's OpenID metadata (OpenID Connect Discovery section 3). */
export interface OpenIdMetadata {
  readonly issuer: string;
  readonly jwksUri: string;
}

const metadataSchema = v.object({ issuer: v.string(), jwks_uri: v.pipe(v.string(), v.url()) });

/** v1.0 tokens are checked against the v1.0 document, v2.0 tokens against the v2.0 one. */
export type TokenVersion = 'v1.0' | 'v2.0';

/** Where a tenant publishes its metadata; `tenant` is a GUID, a domain or `organizations`. */
function toMetadataUrl(authority: string, tenant: string, version: TokenVersion): string {
  const path = version === 'v2.0' ? '/v2.0' : '';
  return `${authority}/${tenant}${path}/.well-known/openid-configuration`;
}

/** Whose metadata is read. */
export interface MetadataOf {
  readonly authority: string;
  readonly tenantId: string;
  readonly version: TokenVersion;
}

/** Reads a tenant's metadata; rejects when it can't be had, or is not that tenant's. */
export async function readMetadata(
  fetch: Fetch,
  { authority, tenantId, version }: MetadataOf,
): Promise<OpenIdMetadata> {
  const { status, body } = await getJson(fetch, toMetadataUrl(authority, tenantId, version));
  if (status !== 200) throw new Error(`The metadata endpoint answered ${status}.`);
  const { issuer, jwks_uri } = v.parse(metadataSchema, body);
  if (!isIssuerOf(tenantId, issuer)) throw new Error('The metadata is of another issuer.');
  // Keys from elsewhere would be keys of somebody else.
  if (!isSameSite(jwks_uri, authority)) throw new Error('The metadata names foreign keys.');
  return { issuer, jwksUri: jwks_uri };
}

/**
 * Creates the lookup of a domain's tenant: the GUID stands in the issuer of the domain's metadata.
 */
export function createFindTenantOfDomain(fetch: Fetch, authority: string): FindTenantOfDomain {
  return async (domain) => {
    const answer = await getMetadata(fetch, toMetadataUrl(authority, domain, 'v2.0'));
    if (isAbsence(answer)) return undefined;
    const parsed = v.safeParse(metadataSchema, answer.body);
    const issuing = parsed.success ? findIssuingTenant(parsed.output.issuer) : undefined;
    const tenantId = issuing && findGuid(issuing);
    if (answer.status === 200 && tenantId) return tenantId;
    throw toUnresolvedError(answer);
  };
}

/**
 * Numbers with which Entra says that no tenant of its cloud has the domain. Any other error is a
 * failure.
 */
const ABSENCES: readonly number[] = [90002, 900023, 90038, 900382, 900432];

function isAbsence({ status, body }: EntraAnswer): boolean {
  const codes = findEntraError(body)?.codes ?? [];
  return status === 400 && codes.some((code) => ABSENCES.includes(code));
}

function isSameSite(url: string, authority: string): boolean {
  return new URL(url).origin === new URL(authority).origin;
}

async function getMetadata(fetch: Fetch, url: string) {
  try {
    return await getJson(fetch, url);
  } catch (error) {
    throw toUnresolvedError({ cause: error });
  }
}

const RETRY_SECONDS = 10;

function toUnresolvedError({
  retryAfterMs = RETRY_SECONDS * 1000,
  cause,
}: {
  retryAfterMs?: number | undefined;
  cause?: unknown;
}): BrokerError {
  return new BrokerError('temporarily_unavailable', "Entra can't say whose domain that is.", {
    owner: 'microsoft',
    remedy: "Try again, or use the tenant's id (GUID).",
    retryAfterSeconds: toRetryAfterSeconds(retryAfterMs),
    cause,
  });
}
