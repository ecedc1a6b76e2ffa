import { expect, test } from 'vitest';
import { isUsable, planLife, toBackoff, urgentAt } from '../../../shared/tokens/token-life.ts';
import { HOUR, MINUTE, SECOND } from '../../support/clock.ts';
import { TENANT } from '../../support/tokens.ts';

const KEY = { tenantId: TENANT, resource: 'defender-xdr' } as const;

test('a refresh falls into the second half of a life, well before its end', () => {
  const { refreshAt, expiresAt } = planLife(KEY, HOUR, 0);
  expect(expiresAt).toBe(HOUR);
  expect(refreshAt).toBeGreaterThanOrEqual(HOUR / 2);
  expect(refreshAt).toBeLessThanOrEqual(0.85 * HOUR);
});

test('a key is always refreshed at the same point of its life', () => {
  expect(planLife(KEY, HOUR, 5).refreshAt - 5).toBe(planLife(KEY, HOUR, 0).refreshAt);
});

test('refreshes of a thousand tenants that were issued together are spread evenly', () => {
  const perMinute = new Array<number>(60).fill(0);
  for (let i = 0; i < 1000; i++) {
    const tenantId = `${i.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
    const minute = Math.floor(planLife({ ...KEY, tenantId }, HOUR, 0).refreshAt / MINUTE);
    perMinute[minute] = (perMinute[minute] ?? 0) + 1;
  }
  expect(Math.max(...perMinute)).toBeLessThan((1000 / 21) * 1.7);
});

test('a life longer than a day is cut to a day', () => {
  expect(planLife(KEY, 400 * HOUR, 0).expiresAt).toBe(24 * HOUR);
});

test('the last five minutes are urgent, of a short life the last fifth', () => {
  expect(urgentAt({ issuedAt: 0, expiresAt: HOUR, refreshAt: 0 })).toBe(55 * MINUTE);
  expect(urgentAt({ issuedAt: 0, expiresAt: 10 * MINUTE, refreshAt: 0 })).toBe(8 * MINUTE);
});

test('a token that ends in ten seconds is of no use', () => {
  const life = { issuedAt: 0, expiresAt: HOUR, refreshAt: 0 };
  expect(isUsable(life, HOUR - 11 * SECOND)).toBe(true);
  expect(isUsable(life, HOUR - 10 * SECOND)).toBe(false);
});

test.each([
  [1, 5 * SECOND],
  [2, 10 * SECOND],
  [4, 40 * SECOND],
  [20, 5 * MINUTE],
])('the %sth passing failure in a row holds Entra off for %s ms', (count, pause) => {
  expect(toBackoff({ cause: 'service_unavailable' }, count)).toBe(pause);
});

test('what somebody has to repair is asked again after a minute and then ever more seldom', () => {
  const pauses = [1, 2, 3, 9].map((count) => toBackoff({ cause: 'consent_missing' }, count));
  expect(pauses).toEqual([MINUTE, 15 * MINUTE, 30 * MINUTE, 6 * HOUR]);
});

test("Entra's Retry-After is honoured when it is longer", () => {
  expect(toBackoff({ cause: 'throttled', retryAfterMs: MINUTE }, 1)).toBe(MINUTE);
});
