import { expect, test } from 'vitest';
import { createThrottledLines } from '../../functions/throttled-lines.ts';
import { createClock } from '../support/clock.ts';

function setUp() {
  const counted: unknown[] = [];
  const clock = createClock();
  const hasLine = createThrottledLines({
    meter: { count: (name, attributes) => void counted.push([name, attributes]) },
    now: clock.now,
  });
  const refuse = (route: string, caller: string) =>
    hasLine(route, { error: 'too_many_requests', caller });
  return { refuse, hasLine, counted, clock };
}

test('of a caller and a route the first refusal in a minute has a line', () => {
  const { refuse, clock } = setUp();
  const within = [
    refuse('list', 'a'),
    refuse('list', 'a'),
    refuse('feed', 'a'),
    refuse('list', 'b'),
  ];
  clock.pass(60_000);
  expect([...within, refuse('list', 'a')]).toEqual([true, false, true, true, true]);
});

test('each refusal is counted, and other answers of 429 have their lines', () => {
  const { refuse, hasLine, counted } = setUp();
  refuse('list', 'a');
  refuse('list', 'a');
  const other = { error: 'temporarily_unavailable', caller: 'a' };
  expect([hasLine('standardToken', other), hasLine('standardToken', other)]).toEqual([true, true]);
  expect(counted).toEqual(Array(2).fill(['requests.throttled', { route: 'list' }]));
});
