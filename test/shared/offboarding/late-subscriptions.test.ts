import { expect, test } from 'vitest';
import { createOutboxTable } from '../../../shared/azure/webhooks/outbox-table.ts';
import { createSubscriptionTable } from '../../../shared/azure/webhooks/subscription-table.ts';
import { refuseLateSubscriptions } from '../../../shared/offboarding/late-writes.ts';
import { createPurgeSubscriptions } from '../../../shared/offboarding/purges.ts';
import { createWebhookSweep } from '../../../shared/retention/sweep-webhooks.ts';
import { change } from '../../../shared/store.ts';
import type { Subscription } from '../../../shared/webhooks/subscription.ts';
import { HOUR } from '../../support/clock.ts';
import { openNewTable } from '../../support/storage.ts';
import { TENANT } from '../../support/tokens.ts';
import { interleave, MOMENTS, setUp as setUpOffboarding } from './set-up.ts';

const SUBSCRIPTION: Subscription = {
  id: '0c7f5f6e-54c9-4a56-9f0e-3f7f6e0d2b11',
  callerId: 'caller',
  status: 'active',
  filter: { tenants: [TENANT, 'tag:gold'], severities: undefined, kinds: undefined },
  sealed: 'a.b.c',
  position: 0,
  numbered: 0,
  delivered: 0,
  retryState: undefined,
  leaseUntil: undefined,
  expiresAt: 0,
  createdAt: 0,
  updatedAt: 0,
};

async function setUp() {
  const environment = setUpOffboarding();
  await environment.addTenant();
  const raw = createSubscriptionTable(openNewTable('webhooks'), environment.log);
  const purge = createPurgeSubscriptions(raw, environment.log);
  const offboard = async () => {
    await environment.offboard();
    return await purge({ tenantId: TENANT, offboardingId: 'any' });
  };
  const readFilter = async () => (await raw.find(SUBSCRIPTION.id))?.value.filter.tenants;
  return { ...environment, raw, offboard, readFilter };
}

test.each(MOMENTS)(
  'a filter does not name the tenant when the offboarding comes right %s its first write',
  async (moment) => {
    const { raw, offboard, findTombstone, readFilter } = await setUp();
    const store = interleave(raw, 'insert', [moment, offboard]);
    const guarded = refuseLateSubscriptions(store, findTombstone);
    await expect(guarded.insert(SUBSCRIPTION)).rejects.toThrow('offboarded');
    expect(await readFilter()).toEqual(['tag:gold']);
  },
);

test.each(MOMENTS)(
  'a filter does not name the tenant when the offboarding comes right %s its change',
  async (moment) => {
    const { raw, offboard, findTombstone, readFilter } = await setUp();
    const filter = { ...SUBSCRIPTION.filter, tenants: undefined };
    await raw.insert({ ...SUBSCRIPTION, filter });
    const store = interleave(raw, 'replace', [moment, offboard]);
    const guarded = refuseLateSubscriptions(store, findTombstone);
    const changed = change(
      guarded,
      SUBSCRIPTION.id,
      (one) => one && { ...one, filter: { ...filter, tenants: [TENANT] } },
    );
    await expect(changed).rejects.toThrow('offboarded');
    expect(await readFilter()).toEqual([]);
  },
);

test('an outbox whose subscription is gone is swept, and old entries of the others', async () => {
  const { raw, log, clock } = await setUp();
  const outbox = createOutboxTable(openNewTable('outbox'), log);
  await raw.insert(SUBSCRIPTION);
  const entries = [0, clock.now()].map((recordedAt, n) => ({ feedSequence: n + 1, recordedAt }));
  const fill = async (id: string) =>
    await outbox.append(id, await outbox.find(id), { entries, position: 2 });
  await fill(SUBSCRIPTION.id);
  await fill('gone');
  const getRetentionMs = () => 30 * 24 * HOUR;
  const parts = { subscriptions: raw, outbox, getRetentionMs, log, now: clock.now };
  await createWebhookSweep(parts)();
  expect(await outbox.list()).toEqual([SUBSCRIPTION.id]);
  expect(await outbox.read(SUBSCRIPTION.id, 0, 10)).toMatchObject([{ sequence: 2 }]);
  expect(log.lines.at(-1)?.fields).toEqual({ entries_removed: 1, orphans_removed: 1 });
});
