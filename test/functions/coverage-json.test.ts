import { expect, test } from 'vitest';
import { toSyncJson } from '../../functions/incidents/coverage-json.ts';
import { toCoverageReport } from '../../shared/incidents/coverage/coverage-report.ts';
import { toInstant } from '../../shared/incidents/instant.ts';
import type { SyncFailure } from '../../shared/incidents/sync/sync-state.ts';
import type { WalkProblem } from '../../shared/incidents/walk/walk-error.ts';
import { createTenant, type Tenant } from '../../shared/tenants/tenant.ts';
import { LATE_AFTER, makeState } from '../shared/incidents/api-set-up.ts';
import { MINUTE, SECOND } from '../support/clock.ts';
import { TENANT } from '../support/tokens.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const NOW_TEXT = '2026-11-21T09:00:00.000Z';
const ACTIVE: Tenant = { ...createTenant(TENANT, 0), status: 'active' };

function toJson(age: number, more: Parameters<typeof makeState>[2] = {}, tenant = ACTIVE) {
  const state = makeState(TENANT, NOW - age, more);
  const rules = { defaultSource: 'defender-xdr', lateAfterMs: LATE_AFTER, now: NOW } as const;
  return toSyncJson({ report: toCoverageReport(tenant, state, rules), state }, tenant);
}

function makeFailure(problem: WalkProblem): SyncFailure {
  return { problem, count: 2, tries: 2, since: NOW, at: NOW, retryAt: NOW + MINUTE };
}

test.each([
  [LATE_AFTER, false],
  [LATE_AFTER + SECOND, true],
])('data of an age of %i ms is late: %s', (age, late) => {
  expect(toJson(age)).toMatchObject({ late, data_age_seconds: age / SECOND });
});

test('what held the sync back has its owner, its remedy and the next attempt', () => {
  expect(toJson(0, { failure: makeFailure('throttled') })).toMatchObject({
    last_failure: {
      problem: 'throttled',
      owner: 'microsoft',
      remedy: 'Wait for the time in Retry-After.',
      runs: 2,
      at: NOW_TEXT,
      retry_at: '2026-11-21T09:01:00.000Z',
    },
  });
});

test('a sync without a token has the owner and the remedy of why there is none', () => {
  const failure = { cause: 'consent_missing', resource: 'defender-xdr', at: NOW } as const;
  const failing = { failure: makeFailure('no_token') };
  expect(toJson(0, failing)).toMatchObject({ last_failure: { owner: 'partner' } });
  expect(toJson(0, failing, { ...ACTIVE, failure })).toMatchObject({
    last_failure: { problem: 'no_token', owner: 'customer' },
  });
});

test('failed windows and rows that were skipped are listed with their reasons', () => {
  const from = toInstant(NOW);
  const failed = [{ kind: 'changes', from, problem: 'partial', at: NOW }] as const;
  const row = {
    incidentId: '7',
    since: NOW,
    from,
    walkStartedAt: NOW,
    tries: 1,
    retryAt: NOW + MINUTE,
  };
  const skipped = [
    { ...row, reason: 'wrong_tenant' },
    { ...row, reason: 'raw_left_out' },
  ] as const;
  expect(toJson(0, { failed, skipped })).toMatchObject({
    failed_windows: [{ kind: 'changes', from, problem: 'partial', at: NOW_TEXT }],
    skipped: [
      {
        incident_id: '7',
        reason: 'wrong_tenant',
        since: NOW_TEXT,
        tries: 1,
        retry_at: '2026-11-21T09:01:00.000Z',
      },
    ],
    remarks: [{ incident_id: '7', reason: 'raw_left_out', since: NOW_TEXT }],
  });
});

test('what a clock that was ahead called complete is not known, and late', () => {
  const json = toJson(-60 * MINUTE);
  expect(json).toMatchObject({ late: true, complete_up_to: undefined, complete_from: undefined });
});
