import { expect, test } from 'vitest';
import { SLOT_SIZES } from '../../functions/compose/slot-sizes.ts';
import { readHostJson } from '../../local/host/host-json.ts';

test('a host takes more messages than works run, so that who waits is seen', async () => {
  const { queues } = await readHostJson('.');
  for (const { slots, slowCalls } of [SLOT_SIZES.sync, SLOT_SIZES.webhooks]) {
    expect(queues.newBatchThreshold).toBeGreaterThan(slots + slowCalls);
  }
});

test('works and calls of all kinds leave room below the 600 connections of an instance', () => {
  const { slots, slowCalls } = SLOT_SIZES.refresh;
  expect(slots + slowCalls).toBeLessThan(600);
});
