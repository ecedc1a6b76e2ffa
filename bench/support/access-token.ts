import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { createResources } from '../../shared/resources/resource.ts';
import type { BrokeredToken } from '../../shared/tokens/brokered-token.ts';
import { readClaims, toTokenHash } from '../../shared/tokens/claims/access-token.ts';
import type { OpenToken } from '../../shared/tokens/sealed-token.ts';
import type { TokenKey } from '../../shared/tokens/token-record.ts';

/** The broker's own client in every measurement. */
export const CLIENT_ID = 'c11e0000-0000-4000-8000-000000000001';

/** The APIs that tokens are for. */
export const RESOURCES = createResources('global');

const HOUR = 60 * 60_000;

/**
 * An app-only token as large as Entra's for Defender, 1.5 to 2.5 KB, with its claims; the signature
 * is noise, since nobody in the broker checks it.
 */
export function makeAccessToken({ tenantId, resource }: TokenKey, now = Date.now()): string {
  const seconds = Math.floor(now / 1000);
  const header = { typ: 'JWT', alg: 'RS256', x5t: noise(20), kid: noise(20) };
  const claims = {
    aud: RESOURCES[resource].identifier,
    iss: `https://sts.windows.net/${tenantId}/`,
    iat: seconds - 300,
    nbf: seconds - 300,
    exp: seconds + 3600,
    aio: noise(48),
    app_displayname: 'Northwind Defender Broker',
    appid: CLIENT_ID,
    appidacr: '1',
    idp: `https://sts.windows.net/${tenantId}/`,
    oid: randomUUID(),
    rh: `1.${noise(48)}.`,
    roles: ['Incident.Read.All', 'AdvancedHunting.Read.All', 'Incident.ReadWrite.All'],
    sub: randomUUID(),
    tenant_region_scope: 'EU',
    tid: tenantId,
    uti: noise(16),
    ver: '1.0',
    xms_ftd: noise(randomInt(60, 480)),
  };
  return `${encode(header)}.${encode(claims)}.${noise(256)}`;
}

/** The same token as the broker holds it. */
export function makeBrokeredToken(key: TokenKey): BrokeredToken {
  const accessToken = makeAccessToken(key);
  const issuedAt = Date.now();
  const open: OpenToken = {
    accessToken,
    issuedAt,
    expiresAt: issuedAt + HOUR,
    refreshAt: issuedAt + HOUR / 2,
  };
  const { claims, unreadable } = readClaims(accessToken);
  if (!claims) throw new Error(`The token can not be read: ${unreadable}.`);
  const tokenHash = toTokenHash(accessToken);
  return { ...open, claims, tokenHash, ...key, degraded: false };
}

function noise(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
