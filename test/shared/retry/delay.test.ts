import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findSchedule, toAskedDelayMs, toDelayMs } from '../../../shared/retry/delay.ts';
import { RETRY_SCHEDULES, type RetryScheduleName } from '../../../shared/retry/schedules.ts';

const NAMES = Object.keys(RETRY_SCHEDULES) as RetryScheduleName[];

const toSeconds = (name: RetryScheduleName, counts: readonly number[]) =>
  counts.map((count) => toDelayMs(name, count) / 1000);

test('a pause doubles with each failure, up to the longest', () => {
  expect(toSeconds('entra.transient', [1, 2, 3, 4, 7, 100])).toEqual([5, 10, 20, 40, 300, 300]);
});

test('pauses in a list come first, and the last one grows', () => {
  expect(toSeconds('entra.permanent', [1, 2, 3, 4, 10])).toEqual([60, 900, 1800, 3600, 21_600]);
});

test('the last pause of a list repeats where it does not grow', () => {
  expect(toSeconds('webhook', [1, 2, 6, 7, 8, 50])).toEqual([10, 30, 1800, 3600, 3600, 3600]);
});

test('an answer that says how long to wait lengthens a pause and never shortens it', () => {
  expect(toAskedDelayMs('entra.throttled', 7000, 1)).toBe(7000);
  expect(toAskedDelayMs('entra.throttled', 7000, 2)).toBe(10_000);
});

test('an answer that does not say how long gets the unstated pause', () => {
  expect(toAskedDelayMs('entra.throttled', undefined, 1)).toBe(60_000);
  expect(toAskedDelayMs('entra.throttled', undefined, 10)).toBe(300_000);
});

test('no pause is shorter than the one before, or longer than the longest', () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), fc.integer({ min: 1, max: 2000 }), (name, count) => {
      expect(toDelayMs(name, count + 1)).toBeGreaterThanOrEqual(toDelayMs(name, count));
      expect(toDelayMs(name, count)).toBeLessThanOrEqual(findSchedule(name).maxMs);
    }),
  );
});
