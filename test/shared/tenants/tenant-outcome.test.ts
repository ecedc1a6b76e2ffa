import { expect, test } from 'vitest';
import { createTenant, type Tenant } from '../../../shared/tenants/tenant.ts';
import { applyOutcome } from '../../../shared/tenants/tenant-outcome.ts';
import type { Cause } from '../../../shared/tokens/failure-table.ts';
import type { TokenOutcome } from '../../../shared/tokens/token-outcome.ts';
import { TENANT } from '../../support/tokens.ts';

const key = { tenantId: TENANT, resource: 'defender-xdr' } as const;
const ACTIVE: Tenant = { ...createTenant(TENANT, 1), status: 'active' };

function apply(tenant: Tenant, outcome: TokenOutcome, isRequired = true): Tenant {
  return applyOutcome(tenant, { key, outcome, isRequired, now: 2 });
}

function failed(cause: Cause, count: number): TokenOutcome {
  return { failure: { cause }, count };
}

test.each<[Cause, string]>([
  ['consent_missing', 'consent_revoked'],
  ['app_disabled', 'consent_revoked'],
  ['tenant_gone', 'consent_revoked'],
  ['tenant_blocked', 'consent_revoked'],
  ['roles_missing', 'partial'],
  ['service_missing', 'partial'],
  ['throttled', 'active'],
  ['service_unavailable', 'active'],
  ['credential_rejected', 'active'],
  ['unexpected_answer', 'active'],
])('%s twice in a row makes an active tenant %s', (cause, status) => {
  expect(apply(ACTIVE, failed(cause, 2)).status).toBe(status);
});

test('one refusal alone is noted but changes no status', () => {
  const tenant = apply(ACTIVE, failed('consent_missing', 1));
  expect(tenant.status).toBe('active');
  expect(tenant.failure).toEqual({ cause: 'consent_missing', resource: 'defender-xdr', at: 2 });
});

test('roles that nobody required leave the tenant active', () => {
  expect(apply(ACTIVE, failed('roles_missing', 2), false).status).toBe('active');
});

test('a tenant whose last change proved to be wrong is spared, but its failure is noted', () => {
  const spared = { ...ACTIVE, sparedUntil: 3 };
  expect(apply(spared, failed('consent_missing', 2))).toMatchObject({
    status: 'active',
    failure: { cause: 'consent_missing' },
  });
  expect(apply({ ...ACTIVE, sparedUntil: 2 }, failed('consent_missing', 2)).status).toBe(
    'consent_revoked',
  );
});

test('the roles that a token lacked are shown as missing', () => {
  const proof = { granted: ['Incident.Read.All', 'X.Read.All'], missing: [], checkedAt: 1 };
  const tenant = apply(
    { ...ACTIVE, proofs: { 'defender-xdr': proof } },
    {
      failure: { cause: 'roles_missing', missingRoles: ['Incident.Read.All'] },
      count: 2,
    },
  );
  expect(tenant.proofs['defender-xdr']).toEqual({
    granted: ['X.Read.All'],
    missing: ['Incident.Read.All'],
    checkedAt: 2,
  });
});

test('an operator’s decision is not undone by a failure', () => {
  const disabled: Tenant = { ...ACTIVE, status: 'disabled' };
  expect(apply(disabled, failed('consent_missing', 2)).status).toBe('disabled');
});

test('a failure of our own credential leaves the record untouched', () => {
  expect(apply(ACTIVE, failed('credential_rejected', 5))).toBe(ACTIVE);
});

test('the same failure again causes no write', () => {
  const noted = apply(ACTIVE, failed('throttled', 1));
  expect(apply(noted, failed('throttled', 2))).toBe(noted);
});

test('a token clears the failure, and without one it causes no write', () => {
  const noted = apply(ACTIVE, failed('throttled', 1));
  expect(apply(noted, { issued: true, roles: [] }).failure).toBeUndefined();
  expect(apply(ACTIVE, { issued: true, roles: [] })).toBe(ACTIVE);
});
