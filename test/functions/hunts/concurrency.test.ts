import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readHostJson } from '../../../local/host/host-json.ts';
import type { ActiveHunt } from '../../../shared/hunting/hunt-store.ts';
import { createGetWindow } from '../../../shared/hunting/window.ts';

test('one host takes as many messages at once as HUNT_CONCURRENCY asks customers', async () => {
  const { queues } = await readHostJson('.');
  const { Values } = JSON.parse(await readFile('local.settings.sample.json', 'utf8'));
  const atOnce = queues.batchSize + queues.newBatchThreshold;
  expect(Number(Values.HUNT_CONCURRENCY)).toBeLessThanOrEqual(atOnce);
});

test('the places are shared evenly by callers, then by hunts, with one for each hunt at least', async () => {
  const toHunts = (callerId: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ huntId: `${callerId}-${index}`, callerId }));
  const toWindow = (active: readonly ActiveHunt[]) =>
    createGetWindow({
      hunts: { listActive: () => Promise.resolve(active) },
      concurrency: 20,
      now: () => 0,
    });
  const own = { huntId: 'one-0' };
  expect(await toWindow([])(own)).toBe(20);
  expect(await toWindow(toHunts('one', 3))(own)).toBe(6);
  expect(await toWindow(toHunts('one', 3))({ callerId: 'one' })).toBe(5);
  expect(await toWindow(toHunts('one', 30))(own)).toBe(1);
  expect(await toWindow(toHunts('one', 30))({ callerId: 'two' })).toBe(10);
  expect(await toWindow([...toHunts('one', 1), ...toHunts('two', 30)])(own)).toBe(10);
});
