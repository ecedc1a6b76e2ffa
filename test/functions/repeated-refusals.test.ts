import { expect, test } from 'vitest';
import { createRepeatedRefusals } from '../../functions/repeated-refusals.ts';
import { createClock } from '../support/clock.ts';

function setUp() {
  const counted: unknown[] = [];
  const clock = createClock();
  const isRepeated = createRepeatedRefusals({
    meter: { count: (name, attributes) => void counted.push([name, attributes]) },
    now: clock.now,
  });
  const refuse = (route: string, caller: string) =>
    isRepeated(route, { error: 'too_many_requests', caller });
  return { refuse, isRepeated, counted, clock };
}

test('of a caller and a route the first refusal in a minute is no repeated one', () => {
  const { refuse, clock } = setUp();
  const within = [
    refuse('list', 'a'),
    refuse('list', 'a'),
    refuse('feed', 'a'),
    refuse('list', 'b'),
  ];
  clock.pass(60_000);
  expect([...within, refuse('list', 'a')]).toEqual([false, true, false, false, false]);
});

test('each refusal is counted, and other answers of 429 are never repeated ones', () => {
  const { refuse, isRepeated, counted } = setUp();
  refuse('list', 'a');
  refuse('list', 'a');
  const other = { error: 'temporarily_unavailable', caller: 'a' };
  expect([isRepeated('standardToken', other), isRepeated('standardToken', other)]).toEqual([
    false,
    false,
  ]);
  expect(counted).toEqual(Array(2).fill(['requests.throttled', { route: 'list' }]));
});
