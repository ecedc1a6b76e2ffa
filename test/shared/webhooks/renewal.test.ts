import { expect, test, vi } from 'vitest';
import { createRenewal } from '../../../shared/webhooks/renewal.ts';
import { SUBSCRIPTION_LIFE_MS } from '../../../shared/webhooks/subscription.ts';
import { HOUR, MINUTE } from '../../support/clock.ts';
import { createWebhookEnvironment } from './environment.ts';

const DAY = 24 * HOUR;

/** A subscription that has two days left, and what its owner's requests do. */
async function setUp(left = 2 * DAY) {
  const environment = await createWebhookEnvironment();
  const { clock, store, read } = environment;
  const stored = await store.find((await read()).id);
  if (!stored) throw new Error('There is no subscription.');
  await store.replace(stored, { ...stored.value, expiresAt: clock.now() + left });
  const list = vi.fn(async (callerId?: string) =>
    (await store.list()).filter((one) => one.callerId === callerId),
  );
  const replace = vi.fn(store.replace);
  const renewal = createRenewal({ subscriptions: { ...store, list, replace }, now: clock.now });
  const come = async (callerId = 'caller') => {
    renewal.note(callerId);
    await renewal.settled();
  };
  const findLeft = async () => (await read()).expiresAt - clock.now();
  return { ...environment, list, replace, come, findLeft };
}

test('a request of the owner renews its subscription for 30 days, once a day', async () => {
  const { come, clock, list, replace, findLeft } = await setUp();
  await come();
  expect(await findLeft()).toBe(SUBSCRIPTION_LIFE_MS);
  clock.pass(23 * HOUR);
  await come();
  expect([list.mock.calls.length, replace.mock.calls.length]).toEqual([1, 1]);
  clock.pass(2 * HOUR);
  await come();
  expect(await findLeft()).toBe(SUBSCRIPTION_LIFE_MS);
});

test('what another process has renewed today is not written again', async () => {
  const { come, replace } = await setUp(SUBSCRIPTION_LIFE_MS - HOUR);
  await come();
  expect(replace).not.toHaveBeenCalled();
});

test('what has ended stays ended', async () => {
  const { come, findLeft } = await setUp(-1);
  await come();
  expect(await findLeft()).toBe(-1);
});

test('the request of another caller renews nothing', async () => {
  const { come, findLeft } = await setUp();
  await come('other');
  expect(await findLeft()).toBe(2 * DAY);
});

test('a renewal that fails is tried again at a request after five minutes', async () => {
  const { come, clock, list, findLeft } = await setUp();
  list.mockRejectedValueOnce(new Error('down'));
  await come();
  await come();
  expect(list).toHaveBeenCalledTimes(1);
  clock.pass(5 * MINUTE);
  await come();
  expect(await findLeft()).toBe(SUBSCRIPTION_LIFE_MS);
});
