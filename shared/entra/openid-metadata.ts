import * as v from 'valibot';
import { BrokerError } from '../errors.ts';
import { findGuid } from '../guid.ts';
import type { FindTenantOfDomain } from '../tenants/tenant-name.ts';
import { type Fetch, findEntraError, getJson } from './entra-http.ts';

/** What the broker reads of a tenant's OpenID metadata (OpenID Connect Discovery section 3). */
export interface OpenIdMetadata {
  readonly issuer: string;
  readonly jwksUri: string;
}

const metadataSchema = v.object({ issuer: v.string(), jwks_uri: v.pipe(v.string(), v.url()) });

/** v1.0 tokens are checked against the v1.0 document, v2.0 tokens against the v2.0 one. */
export type TokenVersion = 'v1.0' | 'v2.0';

/** Where a tenant publishes its metadata; `tenant` is a GUID, a domain or `organizations`. */
export function toMetadataUrl(authority: string, tenant: string, version: TokenVersion): string {
  const path = version === 'v2.0' ? '/v2.0' : '';
  return `${authority}/${tenant}${path}/.well-known/openid-configuration`;
}

/** Reads the metadata; rejects when it can't be had. */
export async function readMetadata(fetch: Fetch, url: string): Promise<OpenIdMetadata> {
  const { status, body } = await getJson(fetch, url);
  if (status !== 200) throw new Error(`The metadata endpoint answered ${status}.`);
  const { issuer, jwks_uri } = v.parse(metadataSchema, body);
  return { issuer, jwksUri: jwks_uri };
}

/** Creates the lookup of a domain's tenant: the GUID stands in the issuer of the domain's metadata. */
export function createFindTenantOfDomain(fetch: Fetch, authority: string): FindTenantOfDomain {
  return async (domain) => {
    const { status, body } = await getMetadata(fetch, toMetadataUrl(authority, domain, 'v2.0'));
    if (status === 400 && findEntraError(body)) return undefined;
    const parsed = v.safeParse(metadataSchema, body);
    const [guid] = parsed.success ? (/[0-9a-f-]{36}/i.exec(parsed.output.issuer) ?? []) : [];
    const tenantId = guid && findGuid(guid);
    if (status === 200 && tenantId) return tenantId;
    throw toUnresolvedError();
  };
}

async function getMetadata(fetch: Fetch, url: string) {
  try {
    return await getJson(fetch, url);
  } catch (error) {
    throw toUnresolvedError(error);
  }
}

function toUnresolvedError(cause?: unknown): BrokerError {
  return new BrokerError('temporarily_unavailable', "Entra can't say whose domain that is.", {
    owner: 'microsoft',
    remedy: "Try again, or use the tenant's id (GUID).",
    retryAfterSeconds: 10,
    cause,
  });
}
