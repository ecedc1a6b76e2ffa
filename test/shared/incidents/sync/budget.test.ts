import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Calls, spend, toWait } from '../../../../shared/incidents/sync/budget.ts';
import { HOUR, MINUTE, SECOND } from '../../../support/clock.ts';
import { runs } from '../../../support/runs.ts';

const START = 1000 * HOUR;

/** Calls as fast as the budget lets, with pauses; answers when each was made. */
function callAlong(pauses: readonly number[], count: number): number[] {
  const times: number[] = [];
  let calls: Calls = [];
  let now = START;
  for (let call = 0; call < count; call++) {
    now += (pauses[call % pauses.length] ?? 0) + toWait(calls, now);
    calls = spend(calls, now);
    times.push(now);
  }
  return times;
}

/** The most calls in any window of this length. */
function busiest(times: readonly number[], window: number): number {
  return Math.max(
    ...times.map((end) => times.filter((time) => time > end - window && time <= end).length),
  );
}

test('however calls are spread, no minute has more than 50 and no hour more than 1,500', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 20 * SECOND }), { minLength: 1 });
  fc.assert(
    fc.property(pauses, (spread) => {
      const times = callAlong(spread, 400);
      expect(busiest(times, MINUTE)).toBeLessThanOrEqual(50);
    }),
    { numRuns: runs(10) },
  );
  expect(busiest(callAlong([0], 3200), HOUR)).toBe(1500);
});

test('10,000 incidents at 100 a page take little more than the minute that the quota wants', () => {
  const times = callAlong([0], 100);
  expect((times.at(-1) ?? 0) - START).toBeLessThanOrEqual(MINUTE + 10 * SECOND);
});

test('the state of the busiest tenant stays small', () => {
  let calls: Calls = [];
  for (let now = START; now < START + 3 * HOUR; now += 3 * SECOND) calls = spend(calls, now);
  expect(JSON.stringify(calls).length).toBeLessThan(6000);
});
