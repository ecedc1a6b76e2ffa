import { expect, test } from 'vitest';
import { createMessageSeal } from '../../shared/queue-message.ts';
import { createFixedRing, createRingKey } from '../support/key-ring.ts';
import { createRecordedLog } from '../support/log.ts';
import { TENANT } from '../support/tokens.ts';

const MESSAGE = { keys: [{ tenantId: TENANT, resource: 'graph' }] };

function setUp(kid = 'one', byte = 7) {
  const log = createRecordedLog();
  return { log, seal: createMessageSeal(createFixedRing(createRingKey(kid, byte)), log) };
}

test('a message comes back as it was sent, and names nobody while it waits', async () => {
  const { seal } = setUp();
  const sealed = await seal.seal(MESSAGE);
  const [, , , ciphertext = ''] = sealed.sealed.split('.');
  expect(await seal.open(sealed)).toEqual(MESSAGE);
  expect(JSON.stringify(sealed)).not.toContain(TENANT);
  expect(Buffer.from(ciphertext, 'base64url').toString('latin1')).not.toContain(TENANT);
});

test('a message of a lost key, or a changed one, is dropped with a line in the log', async () => {
  const { seal, log } = setUp('two', 8);
  const foreign = await setUp('one').seal.seal(MESSAGE);
  const forged = await setUp('two', 9).seal.seal(MESSAGE);
  expect(await seal.open(forged)).toBeUndefined();
  expect(await createMessageSeal({ ...RING, find: NOTHING }, log).open(foreign)).toBeUndefined();
  expect(log.lines.map(({ event }) => event)).toEqual(['queue.message_lost', 'queue.message_lost']);
});

test('what is no sealed message is a mistake of somebody', async () => {
  await expect(setUp().seal.open(MESSAGE)).rejects.toThrow('Invalid key');
});

const RING = createFixedRing(createRingKey('two', 8));
const NOTHING = () => Promise.resolve(undefined);
