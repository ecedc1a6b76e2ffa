import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readHostJson } from '../../../local/host/host-json.ts';
import { createGetWindow } from '../../../shared/hunting/window.ts';

test('one host takes as many messages at once as HUNT_CONCURRENCY asks customers', async () => {
  const { queues } = await readHostJson('.');
  const { Values } = JSON.parse(await readFile('local.settings.sample.json', 'utf8'));
  const atOnce = queues.batchSize + queues.newBatchThreshold;
  expect(Number(Values.HUNT_CONCURRENCY)).toBeLessThanOrEqual(atOnce);
});

test('the places are shared evenly, with one for each hunt at least', async () => {
  const active = Array.from({ length: 30 }, (_, index) => String(index));
  const toWindow = (count: number) =>
    createGetWindow({
      hunts: { listActive: () => Promise.resolve(active.slice(0, count)) },
      concurrency: 20,
      now: () => 0,
    });
  expect(await toWindow(0)()).toBe(20);
  expect(await toWindow(3)()).toBe(6);
  expect(await toWindow(3)(1)).toBe(5);
  expect(await toWindow(30)()).toBe(1);
});
