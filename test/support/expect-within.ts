import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';

/** How often it is asked, in milliseconds. */
const INTERVAL_MS = 100;

/**
 * Asks until the answer is `expected`: no request that begins later than `ms` from now may have
 * another one, however long a busy machine takes for each.
 */
export async function expectWithin<T>(
  ms: number,
  ask: () => Promise<T>,
  expected: T,
): Promise<void> {
  const endAt = Date.now() + ms;
  for (;;) {
    const isLast = Date.now() > endAt;
    const answer = await ask();
    if (isLast) expect(answer).toEqual(expected);
    if (answer === expected) return;
    await delay(INTERVAL_MS);
  }
}
