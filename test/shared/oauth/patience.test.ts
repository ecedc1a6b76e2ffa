import { expect, test } from 'vitest';
import { BrokerError, type ErrorDetails } from '../../../shared/errors.ts';
import { createPatience } from '../../../shared/oauth/patience.ts';

const PASSING: ErrorDetails = {
  owner: 'microsoft',
  remedy: 'Wait.',
  retryAfterSeconds: 4,
  isLocal: true,
};

/** Work that fails at first, and what was waited. */
function setUp(details: ErrorDetails, failures = 1) {
  const waited: number[] = [];
  const withPatience = createPatience((milliseconds) => {
    waited.push(milliseconds);
    return Promise.resolve();
  });
  let asked = 0;
  const work = () => {
    asked++;
    if (asked > failures) return Promise.resolve('token');
    return Promise.reject(new BrokerError('temporarily_unavailable', 'Later.', details));
  };
  return { waited, withPatience, work, countAsked: () => asked };
}

test('what passes within seconds is waited for, once', async () => {
  const { waited, withPatience, work } = setUp(PASSING);
  expect(await withPatience(work)).toBe('token');
  expect(waited).toEqual([4000]);
});

test('what is still there after the wait is passed on', async () => {
  const { withPatience, work, countAsked } = setUp(PASSING, 2);
  await expect(withPatience(work)).rejects.toThrow('Later.');
  expect(countAsked()).toBe(2);
});

test.each([
  ['a long wait', { ...PASSING, retryAfterSeconds: 60 }],
  ['an outage', { ...PASSING, isLocal: false }],
  ['guesses of a secret', { ...PASSING, owner: 'caller' as const }],
])('%s is passed on at once', async (_, details) => {
  const { waited, withPatience, work } = setUp(details);
  await expect(withPatience(work)).rejects.toThrow('Later.');
  expect(waited).toEqual([]);
});

test('beyond a hundred that wait, clients are told at once', async () => {
  const withPatience = createPatience(() => new Promise(() => undefined));
  const work = () => Promise.reject(new BrokerError('temporarily_unavailable', 'Later.', PASSING));
  const waiting = Array.from({ length: 100 }, () => withPatience(work));
  await new Promise((resolve) => setImmediate(resolve));
  await expect(withPatience(work)).rejects.toThrow('Later.');
  expect(waiting).toHaveLength(100);
});
