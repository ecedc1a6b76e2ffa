import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planRefresh } from '../../../shared/refresh/refresh-plan.ts';
import {
  createTenant,
  TENANT_STATUSES,
  type TenantStatus,
} from '../../../shared/tenants/tenant.ts';
import type { TokenSummary } from '../../../shared/tokens/token-record.ts';
import { HOUR } from '../../support/clock.ts';
import { runs } from '../../support/runs.ts';
import { OTHER_TENANT, TENANT } from '../../support/tokens.ts';

const NOW = 1000 * HOUR;

function tenant(tenantId = TENANT, status: TenantStatus = 'active') {
  return { ...createTenant(tenantId, 0), status };
}

function row(change: Partial<TokenSummary> = {}): TokenSummary {
  return {
    tenantId: TENANT,
    resource: 'defender-xdr',
    refreshAt: NOW - 1,
    expiresAt: NOW + HOUR,
    requestedAt: NOW - HOUR,
    retryAt: undefined,
    failures: 0,
    keyId: undefined,
    ...change,
  };
}

function plan(tenants: ReturnType<typeof tenant>[], summaries: TokenSummary[]) {
  return planRefresh({ tenants, summaries, syncResource: 'defender-xdr', now: NOW });
}

test('a token is due when its refresh time has come', () => {
  const key = { tenantId: TENANT, resource: 'defender-xdr' };
  expect(plan([tenant()], [row()]).batches).toEqual([[key]]);
  expect(plan([tenant()], [row({ refreshAt: NOW + 1 })]).batches).toEqual([]);
});

test('the sync resource of an active tenant is due even if it never had a token', () => {
  expect(plan([tenant()], []).batches).toEqual([[{ tenantId: TENANT, resource: 'defender-xdr' }]]);
});

test('a single failure is asked about once more, even if no caller comes again', () => {
  const once = row({ resource: 'graph', requestedAt: undefined, failures: 1 });
  const fresh = row({ refreshAt: NOW + 1 });
  expect(plan([tenant()], [fresh, once]).due).toBe(1);
  expect(plan([tenant()], [fresh, { ...once, retryAt: NOW + 1 }]).due).toBe(0);
  expect(plan([tenant()], [fresh, { ...once, failures: 2 }]).due).toBe(0);
});

test('another resource is refreshed for a day after a caller asked', () => {
  const graph = row({ resource: 'graph' });
  const fresh = row({ refreshAt: NOW + 1 });
  expect(plan([tenant()], [fresh, graph]).due).toBe(1);
  expect(plan([tenant()], [fresh, { ...graph, requestedAt: NOW - 24 * HOUR }]).due).toBe(0);
});

test.each<[TenantStatus, number]>(
  TENANT_STATUSES.map((status) => [status, status === 'active' || status === 'partial' ? 1 : 0]),
)('a tenant that is %s has %i due', (status, due) => {
  expect(plan([tenant(TENANT, status)], [row()]).due).toBe(due);
});

test('a key that backs off is left alone until its time', () => {
  expect(plan([tenant()], [row({ retryAt: NOW + 1, failures: 1 })])).toEqual({
    batches: [],
    due: 0,
    backingOff: 1,
  });
});

test('what failed last stands in a batch of its own, after the rest', () => {
  const [failing, healthy] = [row({ failures: 3 }), row({ tenantId: OTHER_TENANT })];
  const { batches } = plan([tenant(), tenant(OTHER_TENANT)], [failing, healthy]);
  expect(batches.map((batch) => batch.map(({ tenantId }) => tenantId))).toEqual([
    [OTHER_TENANT],
    [TENANT],
  ]);
});

test('what ends first is refreshed first', () => {
  const [later, sooner] = [row(), row({ tenantId: OTHER_TENANT, expiresAt: NOW + 1 })];
  const { batches } = plan([tenant(), tenant(OTHER_TENANT)], [later, sooner]);
  expect(batches[0]?.map(({ tenantId }) => tenantId)).toEqual([OTHER_TENANT, TENANT]);
});

test('every due key stands in exactly one batch of at most fifty', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.uuid(), { maxLength: 180 }),
      fc.integer({ min: 0, max: 5 }),
      (ids, n) => {
        const rows = ids.map((tenantId, i) => row({ tenantId, failures: i % 5 < n ? 1 : 0 }));
        const { batches } = plan(
          ids.map((id) => tenant(id)),
          rows,
        );
        expect(
          batches
            .flat()
            .map(({ tenantId }) => tenantId)
            .toSorted(),
        ).toEqual(ids.toSorted());
        expect(batches.every(({ length }) => length > 0 && length <= 50)).toBe(true);
      },
    ),
    { numRuns: runs(17) },
  );
});
