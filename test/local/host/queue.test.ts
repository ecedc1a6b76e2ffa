import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { QueueServiceClient } from '@azure/storage-queue';
import { describe, expect, inject, it, vi } from 'vitest';
import type { HostLog } from '../../../local/host/host-log.ts';
import { createQueueTrigger } from '../../../local/host/queue/queue-trigger.ts';
import type { Invoke } from '../../../local/host/worker/invoke.ts';
import { FIXTURE, NO_STORAGE, OBSERVED, setUp as setUpHost } from './set-up.ts';

const storage = inject('storage');

async function setUp(appRoot = FIXTURE) {
  const name = `q${randomUUID()}`;
  const settings = { QUEUE: name, AzureWebJobsStorage: storage };
  const service = QueueServiceClient.fromConnectionString(storage);
  const queue = service.getQueueClient(name);
  const poison = service.getQueueClient(`${name}-poison`);
  await queue.create();
  return { ...(await setUpHost({ settings, appRoot })), name, queue, poison };
}

interface Received {
  readonly message: Readonly<Record<string, unknown>>;
  readonly triggerMetadata: Readonly<Record<string, unknown>>;
}

describe('a queue message', () => {
  it('reaches its function and is deleted', async () => {
    const { host, queue, seen } = await setUp();
    await queue.sendMessage('{"id":1}');

    await host.drainQueues();

    expect(seen.messages).toEqual([
      { message: { id: 1 }, dequeueCount: 1, queueTrigger: { id: 1 } },
    ]);
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0);
  });

  it('is fetched without being asked for', async () => {
    const { queue, seen } = await setUp();

    await queue.sendMessage('{"id":2}');

    await expect.poll(() => seen.messages.length).toBe(1);
  });

  it('that fails is seen again after the visibility timeout, then goes to poison', async () => {
    const { host, queue, poison, seen } = await setUp();
    const sent = await queue.sendMessage('{"fail": true}');
    await queue.sendMessage('{"id":2}');

    await host.drainQueues();
    const first = seen.messages.length;
    await expect.poll(() => seen.messages.length).toBe(3);
    await host.drainQueues();

    // The other message went on meanwhile.
    expect(first).toBe(2);
    const [poisoned] = (await poison.peekMessages()).peekedMessageItems;
    expect(poisoned?.messageText).toBe('{"fail": true}');
    expect(poisoned?.messageId).not.toBe(sent.messageId);
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0);
  });

  it('comes with what the host knows of it, and its own fields', async () => {
    const { host, queue, seen } = await setUp(OBSERVED);
    const text = '{"n":9007199254740993,"yes":true,"t":"a","list":[1],"none":null,"o":{"a":1}}';
    const sent = await queue.sendMessage(text);

    await host.drainQueues();

    const [{ message, triggerMetadata }] = seen.messages as [Received];
    // Big integers lose precision, as in every JSON.parse.
    expect(message.n).toBe(9007199254740992);
    expect(triggerMetadata).toMatchObject({
      id: sent.messageId,
      dequeueCount: 1,
      queueTrigger: message,
      ...{ yes: 'True', t: 'a', o: { a: 1 } },
    });
    expect(triggerMetadata).not.toHaveProperty('list');
    expect(triggerMetadata).not.toHaveProperty('none');
    const hiddenForMs = Date.parse(String(triggerMetadata.nextVisibleTime)) - Date.now();
    expect(Math.round(hiddenForMs / 60_000)).toBe(10);
  });

  it('stays hidden until its time', async () => {
    const { host, queue, seen } = await setUp();
    await queue.sendMessage('{"id":3}', { visibilityTimeout: 60 });

    await host.drainQueues();

    expect(seen.messages).toEqual([]);
  });
});

async function setUpTriggers(connectionString = storage) {
  const queueName = `q${randomUUID()}`;
  const invoke = vi.fn<Invoke>(() => Promise.resolve({}));
  const log = vi.fn<HostLog>();
  const registered = { metadata: { name: 'work', bindings: {} }, callback: () => undefined };
  const fn = { name: 'work', type: 'queueTrigger', connection: 'Storage' } as const;
  const create = () =>
    createQueueTrigger(
      { ...fn, queueName, registered },
      { settings: { Storage: connectionString }, queues: QUEUES, invoke, log, leaseSeconds: 3 },
    );
  const service = QueueServiceClient.fromConnectionString(storage);
  const queue = service.getQueueClient(queueName);
  await queue.create();
  const poison = service.getQueueClient(`${queueName}-poison`);
  return { create, invoke, log, queue, poison };
}

const QUEUES = {
  batchSize: 1,
  newBatchThreshold: 0,
  maxDequeueCount: 5,
  visibilityTimeoutMs: 0,
  maxPollingIntervalMs: 100,
  messageEncoding: 'base64',
} as const;

describe('a queue trigger', () => {
  it('renews the lease of a message while its function runs', async () => {
    const { create, invoke, queue, log } = await setUpTriggers();
    const slow = Promise.withResolvers<object>();
    invoke.mockReturnValue(slow.promise);
    await queue.sendMessage(Buffer.from('slow').toString('base64'));

    const draining = create().drain();
    await delay(3500);
    const foundByOther = await create().drain();
    slow.resolve({});

    expect([foundByOther, await draining]).toEqual([0, 1]);
    expect(log).not.toHaveBeenCalled();
  });

  it('moves a message that is not in the encoding to poison', async () => {
    const { create, invoke, queue, poison } = await setUpTriggers();
    await queue.sendMessage('{"plain":1}');

    await create().drain();

    expect((await poison.peekMessages()).peekedMessageItems).toHaveLength(1);
    expect(invoke).not.toHaveBeenCalled();
  });

  it('warns once while the service is down', async () => {
    const { create, log } = await setUpTriggers(NO_STORAGE);
    const trigger = create();

    trigger.start();
    await expect.poll(() => log.mock.calls.length).toBe(1);
    await delay(300);
    await trigger.stop();

    expect(log.mock.calls).toMatchObject([[{ level: 'warning' }]]);
  });
});
