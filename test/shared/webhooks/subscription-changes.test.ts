import { expect, test } from 'vitest';
import type { Caller } from '../../../shared/callers/caller.ts';
import { createSubscriptionAdministration } from '../../../shared/webhooks/administration.ts';
import type { CheckTargetUrl } from '../../../shared/webhooks/target/target-url.ts';
import { createWebhookWorld, DELIVERED, ID } from './world.ts';

const CALLER: Caller = { id: 'caller', kind: 'application', roles: ['Incidents.Read'] };
const URL = 'https://hooks.example/b';

/** The administration over one subscription; `meanwhile` happens while an address is checked. */
async function setUp(meanwhile: () => Promise<unknown> = () => Promise.resolve()) {
  const { store, outbox, seal, clock, read } = await createWebhookWorld();
  const checkUrl: CheckTargetUrl = async (url) => {
    await meanwhile();
    return url;
  };
  const administration = createSubscriptionAdministration({
    subscriptions: store,
    outbox,
    changeFeed: { bounds: () => Promise.reject(), read: () => Promise.reject() },
    access: { getTenant: () => Promise.reject() },
    seal,
    checkUrl,
    send: () => Promise.resolve(DELIVERED),
    enqueue: () => Promise.resolve(),
    now: clock.now,
  });
  const openNow = async () => await seal.open(ID, (await read()).sealed);
  return { administration, openNow };
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
