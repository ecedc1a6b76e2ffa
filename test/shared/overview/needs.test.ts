import { expect, test } from 'vitest';
import type { Standing } from '../../../shared/incidents/coverage/fleet-coverage.ts';
import { toInstant } from '../../../shared/incidents/instant.ts';
import { findNeeds } from '../../../shared/overview/needs.ts';
import { createTenant, type Tenant } from '../../../shared/tenants/tenant.ts';

const NOW = Date.UTC(2026, 10, 27, 8);
const MINUTE = 60_000;
const rules = { lateAfterMs: 17 * MINUTE, now: NOW };

function standing(id: number, more: Partial<Tenant>, rest: Partial<Standing> = {}): Standing {
  const tenantId = `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`;
  const tenant = { ...createTenant(tenantId, NOW - 60 * MINUTE), ...more };
  const skipped = { count: 0, isMore: false, newest: undefined };
  const completeUpTo = toInstant(NOW - MINUTE);
  return { tenant, completeUpTo, failure: undefined, skipped, ...rest };
}

function summarize(fleet: readonly Standing[]) {
  return findNeeds(fleet, rules).map(({ cause, owner, tenants }) => [
    cause,
    owner,
    tenants.map(({ since }) => (NOW - since) / MINUTE),
  ]);
}

const failing = (cause: 'consent_missing' | 'throttled', minutes: number): Partial<Tenant> => ({
  status: 'consent_revoked',
  failure: { cause, resource: 'defender-xdr', at: NOW - minutes * MINUTE },
});
const syncFailing = (minutes: number): Partial<Standing> => ({
  failure: {
    problem: 'throttled',
    count: 9,
    tries: 9,
    since: NOW - minutes * MINUTE,
    at: NOW,
    retryAt: NOW + MINUTE,
  },
});

test('equal causes are one need, and the longest waiting comes first', () => {
  const fleet = [
    standing(1, failing('consent_missing', 5)),
    standing(2, { status: 'active' }, syncFailing(40)),
    standing(3, failing('consent_missing', 30)),
  ];
  expect(summarize(fleet)).toEqual([
    ['throttled', 'microsoft', [40]],
    ['consent_missing', 'customer', [30, 5]],
  ]);
});

test('a tenant that is fine, disabled or gone needs nobody', () => {
  const fleet = [
    standing(1, { status: 'active' }),
    standing(2, { ...failing('consent_missing', 5), status: 'disabled' }),
    standing(3, { ...failing('consent_missing', 5), status: 'offboarded' }),
  ];
  expect(summarize(fleet)).toEqual([]);
});

test('a tenant that looks active but was never read is named', () => {
  const never = standing(1, { status: 'active' }, { completeUpTo: undefined });
  expect(summarize([never])).toEqual([['late_data', 'partner', [60]]]);
});

test('missing roles are named although the tenant is served', () => {
  const proofs = {
    graph: { granted: [], missing: ['ThreatHunting.Read.All'], checkedAt: NOW - 3 * MINUTE },
  };
  expect(summarize([standing(1, { status: 'partial', proofs })])).toEqual([
    ['missing_roles', 'customer', [3]],
  ]);
});

test('what keeps the token away explains old data', () => {
  const one = standing(1, failing('consent_missing', 5), { completeUpTo: undefined });
  expect(summarize([one])).toEqual([['consent_missing', 'customer', [5]]]);
});
