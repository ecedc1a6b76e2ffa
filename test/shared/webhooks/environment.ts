// biome-ignore-all lint/suspicious/useAwait: stand-ins keep the signatures of the ports
import type { Grants } from '../../../shared/callers/grants.ts';
import type { SequencedChange } from '../../../shared/incidents/feed/change-feed.ts';
import { createMeter } from '../../../shared/telemetry/meter.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createDeliverWebhooks } from '../../../shared/webhooks/delivery/deliver.ts';
import { createDispatchWebhooks } from '../../../shared/webhooks/delivery/dispatch.ts';
import type {
  NumberedEntry,
  Outbox,
  OutboxHead,
} from '../../../shared/webhooks/delivery/outbox.ts';
import type { Subscription } from '../../../shared/webhooks/subscription.ts';
import { createSubscriptionOwners } from '../../../shared/webhooks/subscription-owners.ts';
import type { SendOutcome } from '../../../shared/webhooks/target/send-webhook.ts';
import { createTargetSeal } from '../../../shared/webhooks/target/target-seal.ts';
import { createClock, HOUR } from '../../support/clock.ts';
import { createFixedSeal, createRingKey } from '../../support/key-ring.ts';
import { createRecordedLog } from '../../support/log.ts';
import { makeIncident } from '../incidents/api-set-up.ts';
import { createMemoryFeed, createMemoryStore } from '../incidents/memory.ts';
import { type Steps, UNHARMED } from '../incidents/sync/killable.ts';

export const ID = '0c7f5f6e-54c9-4a56-9f0e-3f7f6e0d2b11';
export const DELIVERED: SendOutcome = { delivered: true, status: 200 };
export const DOWN: SendOutcome = { delivered: false, problem: 'bad_status', status: 503 };

/** An outbox in memory, with the same promises as the table. */
function createMemoryOutbox(): Outbox {
  const entries: NumberedEntry[] = [];
  let head: OutboxHead = { first: 0, next: 1, position: undefined, version: undefined };
  let moves = 0;
  return {
    find: async () => head,
    async append(_, seen, batch) {
      if (seen.version !== head.version) return undefined;
      const numbered = batch.entries.map((entry, n) => ({ ...entry, sequence: head.next + n }));
      entries.push(...numbered);
      const next = head.next + numbered.length;
      head = { ...head, next, position: batch.position, version: `v${++moves}` };
      return head;
    },
    read: async (_, after, limit) =>
      entries.filter(({ sequence }) => sequence > after).slice(0, limit),
    remove: async () => undefined,
    list: async () => [ID],
    removeBefore: async (_, time) => {
      const old = entries.filter(({ recordedAt }) => recordedAt < time);
      return entries.splice(0, old.length).length;
    },
  };
}

/** One subscription to a feed, and a receiver that answers what it is told to. */
export async function createWebhookEnvironment(fields: Partial<Subscription> = {}) {
  const clock = createClock();
  const { now } = clock;
  const log = createRecordedLog();
  const { feed, changes } = createMemoryFeed();
  const seal = createTargetSeal(createFixedSeal(createRingKey('one')));
  const subscriptions = createMemoryStore<Subscription>(({ id }) => id);
  const target = {
    url: 'https://hooks.example/a?key=1',
    secret: 'whsec_YQ==',
    previous: undefined,
  };
  const store = { ...subscriptions, list: async () => subscriptions.values() };
  const outbox = createMemoryOutbox();
  const meter = createMeter();
  const sent: { sequence: number; change?: SequencedChange; reason?: string }[] = [];
  const enqueued: number[] = [];
  const granted = new Set<string>();
  /** The grants as a process knows them, until it makes sure that it is current. */
  let known: ReadonlySet<string> = new Set();
  const ensureCurrent = async () => {
    known = new Set(granted);
  };
  /** The owner's grants. */
  const owner: { grants: Grants | undefined } = {
    grants: {
      callerId: 'caller',
      displayName: undefined,
      mode: 'enforce',
      rules: [{ id: 'all', effect: 'allow', tenants: ['*'], resources: ['incidents'] }],
      createdAt: 0,
      updatedAt: 0,
    },
  };
  /** The records of applications through which people call. */
  const applications = new Map<string, Grants>();
  const owners = createSubscriptionOwners({
    epoch: { ensureCurrent: () => undefined },
    grants: { get: (id) => (id === 'caller' ? owner.grants : applications.get(id)) },
    now,
  });
  const receiver = { answer: DELIVERED as SendOutcome, meanwhile: (): unknown => undefined };
  await store.insert({
    id: ID,
    callerId: 'caller',
    status: 'active',
    filter: { tenants: undefined, severities: undefined, kinds: undefined },
    sealed: await seal.seal({ id: ID, callerId: 'caller' }, target),
    position: 0,
    numbered: 0,
    delivered: 0,
    retryState: undefined,
    leaseUntil: undefined,
    expiresAt: now() + 365 * 24 * HOUR,
    createdAt: 0,
    updatedAt: 0,
    ...fields,
  });
  const findReadable = async (_: unknown, tenantId: string) =>
    known.has(tenantId) ? createTenant(tenantId, 0) : undefined;
  const outside = {
    async send({ body }: { body: string }) {
      await receiver.meanwhile();
      if (receiver.answer.delivered) sent.push(JSON.parse(body));
      return receiver.answer;
    },
    async enqueue(_: string, delayMs: number) {
      enqueued.push(delayMs);
    },
  };
  /** One process; what `steps` watches are its acts on the outside. */
  const start = (steps: Steps = UNHARMED, using = seal) => {
    const { send, enqueue } = steps.watch(outside);
    const parts = {
      subscriptions: steps.watch(store),
      outbox: steps.watch(outbox),
      changeFeed: steps.watch(feed),
      owners,
      access: { ensureCurrent, findReadable },
      toChangeJson: (change: SequencedChange) => change,
      metrics: meter,
      ...{ seal: using, send, enqueue, log, now },
    };
    return { deliver: createDeliverWebhooks(parts), dispatch: createDispatchWebhooks(parts) };
  };
  const append = (tenantId: string, count = 1) =>
    feed.append(
      Array.from({ length: count }, (_, n) => ({
        kind: 'updated' as const,
        incident: makeIncident(tenantId, n + 1),
        recordedAt: now(),
      })),
    );
  const read = async () => {
    const stored = await store.find(ID);
    if (!stored) throw new Error('The subscription is gone.');
    return stored.value;
  };
  /** Lets timers run until everything is delivered. */
  const settle = async () => {
    for (let round = 0; round < 10; round++) {
      clock.pass(60 * 60_000);
      await start().deliver(ID);
    }
  };
  return {
    ...{ clock, log, changes, store, outbox, meter, sent, enqueued, granted, receiver, seal },
    ...{ owner, applications, owners },
    ...{ start, append, read, settle },
  };
}
