import { expect, test } from 'vitest';
import { createOutboxTable } from '../../../shared/azure/webhooks/outbox-table.ts';
import { createSubscriptionTable } from '../../../shared/azure/webhooks/subscription-table.ts';
import type { Subscription } from '../../../shared/webhooks/subscription.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';

const log = createRecordedLog();
const ONE = 'one';
const entries = [1, 2, 3].map((feedSequence) => ({
  feedSequence,
  recordedAt: feedSequence * 1000,
}));

function setUp() {
  return createOutboxTable(openNewTable('outbox'), log);
}

test('numbers begin with 1 and go on, and the position moves with them', async () => {
  const outbox = setUp();
  const empty = await outbox.find(ONE);
  expect(empty).toMatchObject({ first: 0, next: 1, position: undefined });
  const moved = await outbox.append(ONE, empty, { entries, position: 7_000_000_000_000 });
  await outbox.append(ONE, moved ?? empty, { entries: [], position: 7_000_000_000_001 });
  expect(await outbox.find(ONE)).toMatchObject({ next: 4, position: 7_000_000_000_001 });
  expect(await outbox.read(ONE, 1, 5)).toEqual([
    { sequence: 2, ...entries[1] },
    { sequence: 3, ...entries[2] },
  ]);
  expect(await outbox.read('another', 0, 5)).toEqual([]);
});

test('of two that number at the same time one writes nothing', async () => {
  const outbox = setUp();
  const head = await outbox.find(ONE);
  const first = await outbox.append(ONE, head, { entries, position: 3 });
  expect(await outbox.append(ONE, head, { entries, position: 3 })).toBeUndefined();
  const moved = await outbox.append(ONE, first ?? head, { entries: [], position: 4 });
  expect(await outbox.append(ONE, first ?? head, { entries: [], position: 5 })).toBeUndefined();
  const batch = { entries: entries.slice(0, 1), position: 4 };
  const both = [1, 2].map(() => outbox.append(ONE, moved ?? head, batch));
  const written = (await Promise.all(both)).filter((answer) => answer !== undefined);
  expect(written).toHaveLength(1);
  expect((await outbox.read(ONE, 0, 10)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
});

test('old entries go, and the head says so; what was deleted leaves nothing', async () => {
  const outbox = setUp();
  await outbox.append(ONE, await outbox.find(ONE), { entries, position: 3 });
  expect(await outbox.removeBefore(ONE, 2500, 10)).toBe(2);
  expect(await outbox.find(ONE)).toMatchObject({ first: 2, next: 4, position: 3 });
  expect(await outbox.list()).toEqual([ONE]);
  await outbox.remove(ONE);
  expect(await outbox.list()).toEqual([]);
});

test('a subscription is read as it was written, by its caller or with all', async () => {
  const subscriptions = createSubscriptionTable(openNewTable('webhooks'), log);
  const subscription: Subscription = {
    id: ONE,
    callerId: 'caller',
    clientId: 'agent',
    status: 'suspended',
    filter: { tenants: ['tag:gold'], severities: undefined, kinds: ['created'] },
    sealed: 'a.b.c',
    position: 7_000_000_000_000,
    numbered: 3,
    delivered: 2,
    retryState: { problem: 'timeout', status: undefined, count: 4, since: 1, retryAt: 2 },
    leaseUntil: 5,
    expiresAt: 7,
    createdAt: 6,
    updatedAt: 7,
  };
  await subscriptions.insert(subscription);
  const bare = {
    ...subscription,
    id: 'two',
    callerId: 'other',
    clientId: undefined,
    leaseUntil: undefined,
  };
  await subscriptions.insert({ ...bare, retryState: undefined });
  expect((await subscriptions.find(ONE))?.value).toEqual(subscription);
  expect(await subscriptions.list('caller')).toEqual([subscription]);
  expect(await subscriptions.list()).toEqual([subscription, { ...bare, retryState: undefined }]);
});
