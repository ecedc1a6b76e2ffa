import { expect, test } from 'vitest';
import { createByteBudget } from '../../../shared/proxy/byte-budget.ts';

const MB = 1024 * 1024;

/** Room for two calls of a megabyte: each takes three times as much, and a little more. */
const CAPACITY = 7 * MB;

const isSettled = async (work: Promise<unknown>) =>
  (await Promise.race([
    work.then(() => true),
    new Promise((done) => setImmediate(done, false)),
  ])) === true;

test('who finds no room waits its turn, and gets it when another is done', async () => {
  const budget = createByteBudget(CAPACITY);
  const first = await budget.reserve(MB);
  await budget.reserve(MB);
  const third = budget.reserve(MB);
  const before = await isSettled(third);
  first.release();
  expect([before, await isSettled(third)]).toEqual([false, true]);
});

test('a small call does not overtake a large one that waits', async () => {
  const budget = createByteBudget(CAPACITY);
  const first = await budget.reserve(MB);
  await budget.reserve(MB);
  const large = budget.reserve(MB);
  const small = budget.reserve(0);
  const before = await isSettled(small);
  first.release();
  await large;
  expect(before).toBe(false);
});

test('who waits too long is told to come back', async () => {
  const budget = createByteBudget(CAPACITY, 20);
  await budget.reserve(2 * MB);
  await expect(budget.reserve(MB)).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    details: { retryAfterSeconds: 2, owner: 'caller' },
  });
});

test('what never fits is refused at once', async () => {
  const budget = createByteBudget(CAPACITY);
  await expect(budget.reserve(3 * MB)).rejects.toMatchObject({ code: 'temporarily_unavailable' });
});

test('a call that grows beyond the room is ended, and gives back what it had', async () => {
  const budget = createByteBudget(CAPACITY);
  const first = await budget.reserve(MB);
  const second = await budget.reserve(MB);
  expect(() => second.grow(MB)).toThrow('Too many large answers');
  second.release();
  second.release();
  first.grow(MB);
  await expect(budget.reserve(0)).resolves.toBeDefined();
});
