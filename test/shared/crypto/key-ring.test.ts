import { expect, test, vi } from 'vitest';
import { createKeyRing } from '../../../shared/crypto/key-ring.ts';
import { createClock, MINUTE, SECOND } from '../../support/clock.ts';
import { createRingKey } from '../../support/key-ring.ts';
import { createRecordedLog } from '../../support/log.ts';

const [ONE, TWO] = [createRingKey('one', 1), createRingKey('two', 2)];

function setUp() {
  const clock = createClock();
  const loadKeys = vi.fn().mockResolvedValue([ONE]);
  const log = createRecordedLog();
  return { clock, loadKeys, log, ring: createKeyRing({ loadKeys, log, now: clock.now }) };
}

test('the vault is read once for many uses', async () => {
  const { ring, loadKeys } = setUp();
  await Promise.all([ring.current(), ring.current(), ring.find('one')]);
  expect(await ring.current()).toEqual(ONE);
  expect(loadKeys).toHaveBeenCalledTimes(1);
});

test('`token-encryption-key` gets a new version: it opens at once, and seals after 6 min', async () => {
  const { ring, loadKeys, clock } = setUp();
  await ring.current();
  const newer = { ...TWO, createdAt: clock.now() };
  loadKeys.mockResolvedValue([newer, ONE]);
  clock.pass(5 * MINUTE);
  expect(await ring.find('two')).toEqual(newer);
  expect(await ring.current()).toEqual(ONE);
  clock.pass(MINUTE);
  expect(await ring.current()).toEqual(newer);
});

test('the only key seals however new it is', async () => {
  const { ring, loadKeys, clock } = setUp();
  const only = { ...TWO, createdAt: clock.now() };
  loadKeys.mockResolvedValue([only]);
  expect(await ring.current()).toEqual(only);
});

test('an unknown key id is looked for at once, but not at the pace of whoever asks', async () => {
  const { ring, loadKeys, clock } = setUp();
  await ring.current();
  loadKeys.mockResolvedValue([TWO, ONE]);
  clock.pass(31 * SECOND);
  expect(await ring.find('two')).toEqual(TWO);
  await ring.find('three');
  await ring.find('four');
  expect(loadKeys).toHaveBeenCalledTimes(2);
});

test('a look without waiting knows the keys that were read, until the vault is to be asked', async () => {
  const { ring, clock } = setUp();
  expect(ring.peek('one')).toBeUndefined();
  await ring.current();
  expect([ring.peek('one'), ring.peek('two')]).toEqual([ONE, undefined]);
  clock.pass(5 * MINUTE);
  expect(ring.peek('one')).toBeUndefined();
});

test('known keys outlive a vault that does not answer', async () => {
  const { ring, loadKeys, clock } = setUp();
  await ring.current();
  loadKeys.mockRejectedValue(new Error('down'));
  clock.pass(10 * MINUTE);
  expect(await ring.current()).toEqual(ONE);
});

test('a vault that never answered is an error, and is asked again', async () => {
  const { ring, loadKeys } = setUp();
  loadKeys.mockRejectedValueOnce(new Error('down'));
  await expect(ring.current()).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    details: { owner: 'partner' },
  });
  expect(await ring.current()).toEqual(ONE);
});

test('the ring has no enabled key: it is named with its remedy', async () => {
  const { ring, loadKeys } = setUp();
  loadKeys.mockResolvedValue([]);
  await expect(ring.current()).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    message: 'The key ring has no enabled key that is 32 bytes long.',
    details: { owner: 'partner', remedy: expect.stringContaining('TOKEN_KEY_NAME') },
  });
});

test('the ring has no enabled key: a process that has keys goes on with them, and says so', async () => {
  const { ring, loadKeys, clock, log } = setUp();
  await ring.current();
  loadKeys.mockResolvedValue([]);
  clock.pass(5 * MINUTE);
  expect(await ring.current()).toEqual(ONE);
  const reason = 'The key ring has no enabled key that is 32 bytes long.';
  expect(log.lines).toEqual([{ level: 'error', event: 'ring.kept', fields: { keys: 1, reason } }]);
});
