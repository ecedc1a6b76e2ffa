import { expect, test } from 'vitest';
import { createTurns } from '../../shared/concurrency.ts';

test('of one key one work runs at a time, in order, also after one that failed', async () => {
  const takeTurns = createTurns();
  const told: string[] = [];
  const work = (name: string) => async () => {
    told.push(`${name} begins`);
    await Promise.resolve();
    told.push(`${name} ends`);
    if (name === 'one') throw new Error(name);
    return name;
  };
  const all = ['one', 'two', 'three'].map((name) => takeTurns('key', work(name)));
  const outcomes = await Promise.allSettled(all);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(told).toEqual(
    ['one', 'two', 'three'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
});

test('keys do not wait for each other', async () => {
  const takeTurns = createTurns();
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = takeTurns('one', () => promise);
  expect(await takeTurns('two', () => Promise.resolve('done'))).toBe('done');
  resolve();
  await first;
});
