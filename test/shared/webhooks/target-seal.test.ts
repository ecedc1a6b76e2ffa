import { hkdfSync } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { expect, test } from 'vitest';
import { createTargetSeal } from '../../../shared/webhooks/target/target-seal.ts';
import { SECOND } from '../../support/clock.ts';
import { createFixedSeal, createRingKey } from '../../support/key-ring.ts';
import { UNHARMED } from '../incidents/sync/killable.ts';
import { OURS, setUp, waitForEnd } from './deliveries.ts';
import { ID } from './environment.ts';

/** A subscription whose key this process does not know. */
async function setUpSealedByOther() {
  const environment = await setUp();
  const other = createTargetSeal(createFixedSeal(createRingKey('lost', 9)));
  const target = { url: 'https://hooks.example', secret: 'whsec_YQ==', previous: undefined };
  const rest = await environment.read();
  await environment.store.remove(ID);
  await environment.store.insert({ ...rest, sealed: await other.seal(rest, target) });
  await environment.append(OURS);
  return { ...environment, other };
}

test('the key that sealed a subscription is lost for a day: it is suspended with its remedy', async () => {
  const environment = await setUpSealedByOther();
  expect(await waitForEnd(environment)).toHaveLength(31);
  expect(await environment.read()).toMatchObject({ retryState: { problem: 'key_lost' } });
  expect(environment.sent).toEqual([]);
});

test('a process that does not know the key yet gives no subscription up', async () => {
  const environment = await setUpSealedByOther();
  await environment.start().deliver(ID);
  expect(await environment.read()).toMatchObject({
    status: 'active',
    retryState: { problem: 'key_lost' },
  });
  environment.clock.pass(10 * SECOND);
  await environment.start(UNHARMED, environment.other).deliver(ID);
  expect(await environment.read()).toMatchObject({ delivered: 1, retryState: undefined });
});

test('a sealed target opens for its own subscription and caller only', async () => {
  const { seal, read } = await setUp();
  const { id, callerId, sealed } = await read();
  expect(await seal.open({ id: 'another', callerId }, sealed)).toBeUndefined();
  expect(await seal.open({ id, callerId: 'another' }, sealed)).toBeUndefined();
  expect(await seal.open({ id, callerId }, `${sealed.slice(0, -4)}AAAA`)).toBeUndefined();
  expect(await seal.open({ id, callerId }, sealed)).toMatchObject({ secret: 'whsec_YQ==' });
});

/** As earlier versions sealed targets. */
async function sealWithoutCaller(subscription: string, target: unknown) {
  const { kid, key } = createRingKey('one');
  return await new CompactEncrypt(Buffer.from(JSON.stringify(target)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, subscription })
    .encrypt(hkdf(key, 'webhook target'));
}

function hkdf(key: Uint8Array, info: string) {
  return new Uint8Array(hkdfSync('sha256', key, '', info, 32));
}

test('a target of before it was bound to its caller opens, and the timer binds it', async () => {
  const environment = await setUp();
  const target = { url: 'https://hooks.example/', secret: 'whsec_YQ==' };
  const sealed = await sealWithoutCaller(ID, target);
  expect(await environment.seal.open({ id: ID, callerId: 'caller' }, sealed)).toMatchObject(target);
  expect(
    await environment.seal.open({ id: 'another', callerId: 'caller' }, sealed),
  ).toBeUndefined();
  const stored = await environment.store.find(ID);
  if (stored) await environment.store.replace(stored, { ...stored.value, sealed });
  await environment.start().dispatch();
  const bound = (await environment.read()).sealed;
  expect(await environment.seal.open({ id: ID, callerId: 'caller' }, bound)).toMatchObject(target);
  expect(await environment.seal.open({ id: ID, callerId: 'another' }, bound)).toBeUndefined();
});

test('after a rotation of the key ring the timer seals anew', async () => {
  const environment = await setUp();
  const seal = createTargetSeal(createFixedSeal(createRingKey('two', 8), createRingKey('one')));
  await environment.start(UNHARMED, seal).dispatch();
  const subscription = await environment.read();
  expect(await seal.isOld(subscription.sealed)).toBe(false);
  expect(await seal.open(subscription, subscription.sealed)).toMatchObject({
    secret: 'whsec_YQ==',
  });
});
