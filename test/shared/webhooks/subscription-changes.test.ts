import { expect, test, vi } from 'vitest';
import { createSubscriptionTable } from '../../../shared/azure/webhooks/subscription-table.ts';
import type { Caller } from '../../../shared/callers/caller.ts';
import { createSubscriptionAdministration } from '../../../shared/webhooks/administration/administration.ts';
import type { SubscriptionStore } from '../../../shared/webhooks/subscription.ts';
import type { SendWebhook } from '../../../shared/webhooks/target/send-webhook.ts';
import type { CheckTargetUrl } from '../../../shared/webhooks/target/target-url.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import { createWebhookEnvironment, DELIVERED, ID } from './environment.ts';

const CALLER: Caller = { id: 'caller', kind: 'application', roles: ['Incidents.Read'] };
const URL = 'https://hooks.example/b';

/** The administration over one subscription; `meanwhile` happens while an address is checked. */
async function setUp(
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
  subscriptions?: SubscriptionStore,
) {
  const { store, outbox, seal, clock, read, owner, owners } = await createWebhookEnvironment();
  const send = vi.fn<SendWebhook>(() => Promise.resolve(DELIVERED));
  const checkUrl: CheckTargetUrl = async (url) => {
    await meanwhile();
    return url;
  };
  const administration = createSubscriptionAdministration({
    subscriptions: subscriptions ?? store,
    outbox,
    changeFeed: {
      bounds: () => Promise.resolve({ first: 0, last: 0 }),
      read: () => Promise.reject(),
    },
    access: { getTenant: () => Promise.reject() },
    owners,
    seal,
    checkUrl,
    send,
    enqueue: () => Promise.resolve(),
    now: clock.now,
  });
  const openNow = async () => {
    const subscription = await read();
    return await seal.open(subscription, subscription.sealed);
  };
  return { administration, openNow, read, send, store, owner, clock };
}

const TO_URL = { url: URL, filter: undefined, status: undefined };

test('a new address keeps the secret', async () => {
  const { administration, openNow } = await setUp();
  await administration.patch(CALLER, ID, TO_URL);
  expect(await openNow()).toMatchObject({ url: URL, secret: 'whsec_YQ==' });
});

test('a new address does not bring back a secret that was replaced meanwhile', async () => {
  const { administration, openNow } = await setUp(() => administration.rotate(CALLER, ID));
  await expect(administration.patch(CALLER, ID, TO_URL)).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    details: { owner: 'caller', retryAfterSeconds: 1 },
  });
  expect(await openNow()).toMatchObject({ previous: { secret: 'whsec_YQ==' } });
});

test('receivers that hang hold up no more than four requests: whoever comes then is told', async () => {
  const hung = Promise.withResolvers<void>();
  const { administration, send } = await setUp(() => hung.promise);
  send.mockImplementation(() => hung.promise.then(() => DELIVERED));
  const four = [
    administration.patch(CALLER, ID, TO_URL),
    ...[1, 2, 3].map(() => administration.test(CALLER, ID)),
  ];
  await expect.poll(() => send.mock.calls.length).toBe(3);
  const busy = { code: 'temporarily_unavailable', details: { retryAfterSeconds: 5 } };
  await expect(administration.test(CALLER, ID)).rejects.toMatchObject(busy);
  await expect(administration.patch(CALLER, ID, TO_URL)).rejects.toMatchObject(busy);
  hung.resolve();
  await Promise.all(four);
  expect(await administration.test(CALLER, ID)).toEqual(DELIVERED);
});

test('who changes a subscription does not wait for whoever delivers at this moment', async () => {
  const { administration, read, store } = await setUp();
  const changed: (number | undefined)[] = [];
  const change = async (act: () => Promise<unknown>) => {
    const stored = await store.find(ID);
    if (stored) await store.replace(stored, { ...stored.value, leaseUntil: 5 });
    await act();
    changed.push((await read()).leaseUntil);
  };
  await change(() => administration.patch(CALLER, ID, TO_URL));
  await change(() => administration.rotate(CALLER, ID));
  expect(changed).toEqual([undefined, undefined]);
});

test('a person takes a subscription over to the application through which it is changed', async () => {
  const { administration, read } = await setUp();
  const person: Caller = { ...CALLER, kind: 'user', clientId: 'console' };
  await administration.patch(person, ID, TO_URL);
  expect(await read()).toMatchObject({ clientId: 'console' });
  const { subscription } = await administration.create({ ...person, clientId: 'agent' }, WISH);
  expect(subscription).toMatchObject({ callerId: 'caller', clientId: 'agent' });
});

const WISH = {
  url: URL,
  filter: { tenants: undefined, severities: undefined, kinds: undefined },
  since: undefined,
};

test('a caller makes more than 50 subscriptions at the same time: it has 50', async () => {
  const open = openNewTable('webhooks');
  const known = Array.from({ length: 44 }, (_, n) => `known-${n}`);
  const processes = known.slice(0, 8).map(() => createSubscriptionTable(open, createRecordedLog()));
  const environments = await Promise.all(processes.map((store) => setUp(undefined, store)));
  const one = await environments[0]?.read();
  await Promise.all(known.map((id) => one && processes[0]?.insert({ ...one, id })));
  const others = { ...CALLER, id: 'another' };
  const made = await Promise.allSettled(
    environments.flatMap(({ administration }) => [
      administration.create(CALLER, WISH),
      administration.create(others, WISH),
    ]),
  );
  const refused = made.filter(({ status }) => status === 'rejected');
  expect(refused).toMatchObject([1, 2].map(() => ({ reason: { code: 'invalid_request' } })));
  expect(await processes[0]?.list(CALLER.id)).toHaveLength(50);
  expect(await processes[0]?.list()).toHaveLength(58);
});

test('an address beside the allowed hosts is refused, and a test of one sends nothing', async () => {
  const { administration, owner, send } = await setUp();
  const refused = { code: 'invalid_request', details: { owner: 'partner' } };
  if (owner.grants) owner.grants = { ...owner.grants, webhookHosts: ['*.example.com'] };
  await expect(administration.patch(CALLER, ID, TO_URL)).rejects.toMatchObject(refused);
  const made = { url: URL, filter: {} as never, since: undefined };
  await expect(administration.create(CALLER, made)).rejects.toMatchObject(refused);
  const problem = { delivered: false, problem: 'host_not_allowed', status: undefined };
  expect(await administration.test(CALLER, ID)).toEqual(problem);
  expect(send).not.toHaveBeenCalled();
});

test('an owner sets an ended subscription going again, for 30 days', async () => {
  const { administration, store, read, clock } = await setUp();
  const stored = await store.find(ID);
  if (stored) await store.replace(stored, { ...stored.value, status: 'suspended', expiresAt: 0 });
  await administration.patch(CALLER, ID, { url: undefined, filter: undefined, status: 'active' });
  const expiresAt = clock.now() + 30 * 24 * 60 * 60_000;
  expect(await read()).toMatchObject({ status: 'active', expiresAt });
});
