import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCallerBudgets } from '../../../shared/budgets/caller-budgets.ts';
import { CALLER_LIMITS } from '../../../shared/budgets/caller-limits.ts';
import { createClock, MINUTE, SECOND } from '../../support/clock.ts';

function setUp() {
  const clock = createClock();
  const budgets = createCallerBudgets(clock.now);
  /** How many of so many are served. */
  const serve = (many: number, callerId = 'one') =>
    Array.from({ length: many }, () => isServed(() => budgets.spend(callerId, 'verify'))).filter(
      Boolean,
    ).length;
  return { clock, budgets, serve };
}

function isServed(spend: () => void): boolean {
  try {
    spend();
    return true;
  } catch {
    return false;
  }
}

test('a caller has so many at once, then they come back evenly', () => {
  const { clock, serve } = setUp();
  expect(serve(50)).toBe(10);
  clock.pass(5 * SECOND);
  expect(serve(50)).toBe(1);
  clock.pass(10 * MINUTE);
  expect(serve(50)).toBe(10);
});

test('who has none left is told when there is one again, and that is true', () => {
  const { clock, budgets, serve } = setUp();
  serve(10);
  expect(() => budgets.spend('one', 'verify')).toThrow(
    expect.objectContaining({
      code: 'too_many_requests',
      status: 429,
      details: expect.objectContaining({ owner: 'caller', retryAfterSeconds: 5 }),
    }),
  );
  clock.pass(5 * SECOND);
  expect(serve(1)).toBe(1);
});

test('neither another caller nor another kind of work pays for it', () => {
  const { budgets, serve } = setUp();
  serve(50);
  expect(serve(50, 'other')).toBe(10);
  expect(isServed(() => budgets.spend('one', 'list'))).toBe(true);
});

test('what was given back can be spent again, and no bucket is fuller than full', () => {
  const { budgets, serve } = setUp();
  serve(10);
  budgets.giveBack('one', 'verify');
  expect(serve(50)).toBe(1);
  for (let n = 0; n < 30; n++) budgets.giveBack('other', 'verify');
  expect(serve(50, 'other')).toBe(10);
});

test('no order of requests and pauses is served more than burst and rate allow', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(90_000)), { maxLength: 30 }), (steps) => {
      const { clock, serve } = setUp();
      let [served, passed] = [0, 0];
      for (const [many, pause] of steps) {
        served += serve(many);
        clock.pass(pause);
        passed += pause;
      }
      const { burst, perMinute } = CALLER_LIMITS.verify;
      expect(served).toBeLessThanOrEqual(burst + (passed * perMinute) / MINUTE);
    }),
  );
});

test('a clock that is set back fills nothing', () => {
  const { clock, serve } = setUp();
  serve(10);
  clock.pass(-10 * MINUTE);
  expect(serve(50)).toBe(0);
});

test('the documents have the same limits', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/behaviour.md'), 'utf8');
  for (const [work, { burst, perMinute }] of Object.entries(CALLER_LIMITS)) {
    expect(text).toMatch(new RegExp(`\\| \`${work}\` \\|[^|]*\\| ${burst} \\| ${perMinute} \\|`));
  }
});
