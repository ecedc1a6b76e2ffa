import { expect, test, vi } from 'vitest';
import { createSeal } from '../../shared/crypto/seal.ts';
import { createMessageSeal } from '../../shared/queue-message.ts';
import { createClock, HOUR, MINUTE } from '../support/clock.ts';
import { createFixedRing, createRingKey } from '../support/key-ring.ts';
import { createRecordedLog } from '../support/log.ts';
import { TENANT } from '../support/tokens.ts';

const MESSAGE = { keys: [{ tenantId: TENANT, resource: 'graph' }] };
const QUEUE = 'token-refresh';

function setUp(ring = createFixedRing(createRingKey('one'))) {
  const log = createRecordedLog();
  const clock = createClock();
  const { now } = clock;
  const report = vi.fn();
  const seal = createSeal(ring, now);
  return {
    log,
    clock,
    report,
    messages: createMessageSeal({ seal, refusals: { report }, log, now }),
  };
}

test('a message comes back as it was sent, and names nobody while it waits', async () => {
  const { messages } = setUp();
  const sealed = await messages.seal(QUEUE, MESSAGE);
  const [, , , ciphertext = ''] = sealed.sealed.split('.');
  expect(await messages.open(QUEUE, sealed)).toEqual(MESSAGE);
  expect(JSON.stringify(sealed)).not.toContain(TENANT);
  expect(Buffer.from(ciphertext, 'base64url').toString('latin1')).not.toContain(TENANT);
});

test('a message that was moved to another queue is dropped with a line in the log', async () => {
  const { messages, log, report } = setUp();
  const sealed = await messages.seal('incident-sync', { tenantId: TENANT });
  expect(await messages.open('consent-verification', sealed)).toBeUndefined();
  expect(log.lines).toEqual([
    {
      level: 'warn',
      event: 'queue.message_lost',
      fields: { queue: 'consent-verification', reason: 'other_queue' },
    },
  ]);
  expect(report.mock.calls).toEqual([
    [{ table: 'queues', key: 'consent-verification|other_queue', problem: 'other_queue' }],
  ]);
});

test('a message is dropped a day after it could first be taken', async () => {
  const { messages, log, clock } = setUp();
  const sealed = await messages.seal(QUEUE, MESSAGE, 10 * MINUTE);
  clock.pass(24 * HOUR + 9 * MINUTE);
  expect(await messages.open(QUEUE, sealed)).toEqual(MESSAGE);
  clock.pass(MINUTE);
  expect(await messages.open(QUEUE, sealed)).toBeUndefined();
  expect(log.lines[0]?.fields).toEqual({ queue: QUEUE, reason: 'expired' });
});

test.each([
  ['of a lost key', createFixedRing(createRingKey('two')), 'key_lost'],
  ['that was changed', createFixedRing(createRingKey('one', 9)), 'changed'],
])('a message %s is dropped with a line in the log', async (_, ring, reason) => {
  const { messages, log } = setUp();
  const foreign = await setUp(ring).messages.seal(QUEUE, MESSAGE);
  expect(await messages.open(QUEUE, foreign)).toBeUndefined();
  expect(log.lines[0]?.fields).toEqual({ queue: QUEUE, reason });
});

test.each([[MESSAGE], ['text']])('%j is a mistake of somebody', async (text) => {
  await expect(setUp().messages.open(QUEUE, text)).rejects.toThrow('Invalid');
});
