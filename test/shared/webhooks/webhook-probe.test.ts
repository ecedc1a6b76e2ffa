import { expect, test } from 'vitest';
import type { Subscription } from '../../../shared/webhooks/subscription.ts';
import { createWebhookProbe } from '../../../shared/webhooks/webhook-probe.ts';

const NOW = 1_800_000_000_000;
const WELL: Subscription = {
  id: 'well',
  callerId: 'tool',
  status: 'active',
  filter: { tenants: undefined, severities: undefined, kinds: undefined },
  sealed: 'x',
  position: 7,
  numbered: 7,
  delivered: 7,
  retryState: undefined,
  leaseUntil: undefined,
  expiresAt: NOW + 1000,
  createdAt: NOW,
  updatedAt: NOW,
};
const failing = (since: number) =>
  ({ problem: 'timeout', status: undefined, count: 2, since, retryAt: NOW }) as const;

function probe(subscriptions: readonly Subscription[]) {
  return createWebhookProbe({ list: () => Promise.resolve(subscriptions), now: () => NOW })();
}

test('webhooks that are up to date are counted and not named', async () => {
  expect(await probe([WELL])).toEqual({
    subscriptions: 1,
    waiting_changes: 0,
    behind_count: 0,
    behind: [],
  });
});

test('those that are behind are named with their lag, the longest failing first', async () => {
  const slow = { ...WELL, id: 'slow', delivered: 4 };
  const late = { ...WELL, id: 'late', delivered: 2, retryState: failing(NOW - 60_000) };
  const older = { ...WELL, id: 'older', retryState: failing(NOW - 90_000) };
  const stopped = { ...WELL, id: 'stopped', status: 'suspended' } as const;
  const found = await probe([slow, late, WELL, older, stopped]);
  expect(found).toMatchObject({ subscriptions: 5, waiting_changes: 8, behind_count: 4 });
  expect(found).toHaveProperty('behind', [
    {
      ...{ subscription_id: 'older', caller: 'tool', status: 'active', waiting: 0 },
      ...{ problem: 'timeout', failing_seconds: 90 },
    },
    {
      ...{ subscription_id: 'late', caller: 'tool', status: 'active', waiting: 5 },
      ...{ problem: 'timeout', failing_seconds: 60 },
    },
    { subscription_id: 'slow', caller: 'tool', status: 'active', waiting: 3 },
    { subscription_id: 'stopped', caller: 'tool', status: 'suspended', waiting: 0 },
  ]);
});

test('it names twenty at most', async () => {
  const many = Array.from({ length: 30 }, (_, index) => ({
    ...WELL,
    id: String(index),
    delivered: 0,
  }));
  const found = await probe(many);
  expect(found).toMatchObject({ behind_count: 30 });
  expect(found).toHaveProperty('behind.length', 20);
});
