import { expect, test, vi } from 'vitest';
import { createWebhookSweep } from '../../../shared/retention/sweep-webhooks.ts';
import { HOUR } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { createWebhookEnvironment, ID } from '../webhooks/environment.ts';

const DELETED = 'deleted';
const NEW = 'new';

test('the sweep takes entries of 30 days and what a deletion left, and spares what was just made', async () => {
  const { store, outbox, read } = await createWebhookEnvironment();
  const [removeBefore, remove] = [vi.fn(async () => await Promise.resolve(3)), vi.fn()];
  const listed = await store.list();
  await store.insert({ ...(await read()), id: NEW });
  const log = createRecordedLog();
  await createWebhookSweep({
    subscriptions: { ...store, list: () => Promise.resolve(listed) },
    outbox: { ...outbox, list: () => Promise.resolve([ID, DELETED, NEW]), removeBefore, remove },
    getRetentionMs: () => 30 * 24 * HOUR,
    log,
    now: () => 31 * 24 * HOUR,
  })();
  expect(removeBefore.mock.calls).toEqual([[ID, 24 * HOUR, expect.any(Number)]]);
  expect(remove.mock.calls).toEqual([[DELETED]]);
  expect(log.lines).toMatchObject([{ fields: { entries_removed: 3, orphans_removed: 1 } }]);
});
