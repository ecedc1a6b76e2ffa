import { expect, test } from 'vitest';
import { retryRace } from '../../../shared/retry/race.ts';
import { RETRY_SCHEDULES } from '../../../shared/retry/schedules.ts';

function setUp() {
  const pauses: number[] = [];
  const sleep = (milliseconds: number) => Promise.resolve(pauses.push(milliseconds));
  const toBusyError = () => new Error('busy');
  return { pauses, race: { schedule: 'race.storage', toBusyError, sleep } as const };
}

test('a race is run again until it is decided', async () => {
  const { race, pauses } = setUp();
  const answers = [undefined, undefined, { etag: '3' }];
  expect(await retryRace(race, async () => answers.shift())).toEqual({ etag: '3' });
  expect(pauses).toHaveLength(2);
  expect(pauses.every((pause, index) => pause <= 10 * 2 ** index)).toBe(true);
});

test('after the last try the race is lost', async () => {
  const { race, pauses } = setUp();
  await expect(retryRace(race, async () => undefined)).rejects.toThrow('busy');
  expect(pauses).toHaveLength(RETRY_SCHEDULES['race.storage'].maxTries);
});

test('an error ends the race', async () => {
  const { race, pauses } = setUp();
  const work = () => Promise.reject(new Error('storage'));
  await expect(retryRace(race, work)).rejects.toThrow('storage');
  expect(pauses).toEqual([]);
});
