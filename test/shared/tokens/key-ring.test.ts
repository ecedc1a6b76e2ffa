import { expect, test, vi } from 'vitest';
import { createKeyRing } from '../../../shared/tokens/key-ring.ts';
import { createClock, MINUTE, SECOND } from '../../support/clock.ts';
import { createRingKey } from '../../support/key-ring.ts';

const [ONE, TWO] = [createRingKey('one', 1), createRingKey('two', 2)];

function setUp() {
  const clock = createClock();
  const loadKeys = vi.fn().mockResolvedValue([ONE]);
  return { clock, loadKeys, ring: createKeyRing({ loadKeys, now: clock.now }) };
}

test('the vault is read once for many uses', async () => {
  const { ring, loadKeys } = setUp();
  await Promise.all([ring.current(), ring.current(), ring.find('one')]);
  expect(await ring.current()).toEqual(ONE);
  expect(loadKeys).toHaveBeenCalledTimes(1);
});

test('a newer key seals within five minutes', async () => {
  const { ring, loadKeys, clock } = setUp();
  await ring.current();
  loadKeys.mockResolvedValue([TWO, ONE]);
  clock.pass(5 * MINUTE);
  expect(await ring.current()).toEqual(TWO);
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

test('a ring without an enabled key is an error', async () => {
  const { ring, loadKeys } = setUp();
  loadKeys.mockResolvedValue([]);
  await expect(ring.current()).rejects.toMatchObject({ code: 'temporarily_unavailable' });
});
