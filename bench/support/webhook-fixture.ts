import { randomBytes, randomUUID } from 'node:crypto';
import { SLOT_SIZES } from '../../functions/compose/slot-sizes.ts';
import { toChangeJson } from '../../functions/incidents/list-changes.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { createChangeFeedTable } from '../../shared/azure/feed/change-feed-table.ts';
import { createOutboxTable } from '../../shared/azure/webhooks/outbox-table.ts';
import { createSubscriptionTable } from '../../shared/azure/webhooks/subscription-table.ts';
import { createSeal } from '../../shared/crypto/seal.ts';
import { createSlotControl } from '../../shared/slots/slots.ts';
import { createMeter } from '../../shared/telemetry/meter.ts';
import { createDeliverWebhooks } from '../../shared/webhooks/delivery/deliver.ts';
import { createWebhookSecret } from '../../shared/webhooks/delivery/signature.ts';
import { SUBSCRIPTION_LIFE_MS } from '../../shared/webhooks/subscription.ts';
import { createSendWebhook } from '../../shared/webhooks/target/send-webhook.ts';
import { createTargetSeal } from '../../shared/webhooks/target/target-seal.ts';
import { SILENT } from './broker.ts';
import { makeChange } from './incident-change.ts';
import { createActiveTenant } from './memory-store.ts';
import { createRing } from './ring.ts';

const KEY = { kid: 'bench', key: new Uint8Array(randomBytes(32)), createdAt: 0 };
const RING = createRing(KEY);
const EVERYTHING = { tenants: undefined, severities: undefined, kinds: undefined };

/** The broker's own sender; nothing is looked up, since its receivers are on loopback. */
export const send = createSendWebhook({
  resolve: () => Promise.reject(new Error('Nobody is looked up here.')),
  allowLoopback: true,
});

/**
 * The broker's own delivery over tables of their own, to a feed of as many changes; every tenant is
 * granted.
 */
export async function createWebhookFixture(azure: AzureClients, changes: number) {
  const suffix = randomBytes(6).toString('hex');
  const open = (name: string) => () => azure.table(`${name}${suffix}`);
  const subscriptions = createSubscriptionTable(open('webhooks'), SILENT);
  const outbox = createOutboxTable(open('webhookoutbox'), SILENT);
  const changeFeed = createChangeFeedTable(open('incidentchanges'), SILENT);
  await changeFeed.append(Array.from({ length: changes }, (_, index) => makeChange(index)));
  const seal = createTargetSeal({ ring: RING, seal: createSeal(RING, Date.now) });
  const { createSlots, callOutside } = createSlotControl();
  const slots = createSlots(SLOT_SIZES.webhooks);
  const again = new Set<string>();
  const deliverOnce = createDeliverWebhooks({
    ...{ subscriptions, outbox, changeFeed, seal },
    send: (message) => callOutside(() => send(message)),
    owners: { findStop: () => Promise.resolve(undefined) },
    toChangeJson: (change) => toChangeJson(change, 'https://security.microsoft.com'),
    access: {
      ensureCurrent: () => Promise.resolve(),
      findReadable: (_, tenantId) => Promise.resolve(createActiveTenant(tenantId)),
    },
    // The rest of a long run goes on at once; what failed is not tried again.
    enqueue: (id, delayMs) => Promise.resolve(void (delayMs === 0 && again.add(id))),
    metrics: createMeter(),
    log: SILENT,
    now: Date.now,
  });
  return {
    /** Delivers all that a subscription waits for, or up to its first failure. */
    async deliver(id: string): Promise<void> {
      const wait = () => Promise.resolve(void again.add(id));
      do await slots.run(() => deliverOnce(id), wait);
      while (again.delete(id));
    },
    /** Makes a subscription to everything from the beginning; answers its id. */
    async subscribe(url: string): Promise<string> {
      const id = randomUUID();
      const target = { url, secret: createWebhookSecret(), previous: undefined };
      await subscriptions.insert({
        ...{ id, callerId: 'bench', status: 'active', filter: EVERYTHING },
        sealed: await seal.seal({ id, callerId: 'bench' }, target),
        ...{ position: 0, numbered: 0, delivered: 0, retryState: undefined, leaseUntil: undefined },
        ...{ expiresAt: Date.now() + SUBSCRIPTION_LIFE_MS, createdAt: 0, updatedAt: 0 },
      });
      return id;
    },
    /** Takes a subscription away again, so that the emulator does not slow down with its rows. */
    async remove(id: string): Promise<void> {
      await subscriptions.remove(id);
      await outbox.remove(id);
    },
  };
}
