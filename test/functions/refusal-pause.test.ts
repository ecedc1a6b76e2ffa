import { expect, test, vi } from 'vitest';
import { createRefusalPause } from '../../functions/refusal-pause.ts';

test('refusals wait, and those beyond fifty at a time do not', async () => {
  const pause = createRefusalPause(20);
  const order: string[] = [];
  const first = Array.from({ length: 50 }, () => pause().then(() => order.push('waited')));
  await pause().then(() => order.push('at once'));
  expect(order).toEqual(['at once']);
  await Promise.all(first);
  expect(order).toHaveLength(51);
  const again = vi.fn();
  const next = pause().then(again);
  await Promise.resolve();
  expect(again).not.toHaveBeenCalled();
  await next;
});
