import { expect, test } from 'vitest';
import { toTokenJson } from '../../functions/tokens/token-json.ts';
import { createClock, HOUR, MINUTE, SECOND } from '../support/clock.ts';
import { claimsOf, makeAccessToken, TENANT } from '../support/tokens.ts';

const NOW = createClock().now();

function toAnswer({ refreshAt = NOW + 40 * MINUTE, expiresAt = NOW + HOUR, degraded = false }) {
  const accessToken = makeAccessToken();
  const key = { tenantId: TENANT, resource: 'defender-xdr' } as const;
  const life = { issuedAt: NOW - MINUTE, refreshAt, expiresAt };
  const read = { claims: claimsOf(accessToken), tokenHash: 'hash' };
  return toTokenJson({ ...key, ...life, ...read, accessToken, degraded }, NOW);
}

test('times are Unix seconds and seconds from now', () => {
  expect(toAnswer({})).toEqual({
    access_token: makeAccessToken(),
    token_type: 'Bearer',
    expires_in: 3600,
    expires_at: NOW / 1000 + 3600,
    refresh_in: 2400,
    tenant_id: TENANT,
    resource: 'defender-xdr',
    roles: ['Incident.Read.All'],
  });
});

test('a token that is due is not asked about again at once, nor after its end', () => {
  expect(toAnswer({ refreshAt: NOW - MINUTE, degraded: true })).toMatchObject({
    refresh_in: 30,
    degraded: true,
  });
  const ending = toAnswer({ refreshAt: NOW - MINUTE, expiresAt: NOW + 12.9 * SECOND });
  expect(ending).toMatchObject({ expires_in: 12, refresh_in: 12 });
});
