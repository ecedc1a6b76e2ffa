import { type DequeuedMessageItem, QueueServiceClient } from '@azure/storage-queue';
import type { QueueOptions } from '../host-json.ts';
import { describeError, type HostLog, logHost } from '../host-log.ts';
import type { Settings } from '../settings.ts';
import type { QueueFunction } from '../triggers.ts';
import type { Invoke } from '../worker/invoke.ts';
import { runPollLoop } from './poll-loop.ts';
import { type MessageSource, processMessage } from './queue-message.ts';

/** One queue that is being listened to. */
export interface QueueTrigger {
  readonly start: () => void;
  /** Processes what is visible now and resolves with how many messages that were. */
  readonly drain: () => Promise<number>;
  /** Stops polling and resolves when no message is in flight. */
  readonly stop: () => Promise<void>;
}

/** What a queue trigger needs. */
interface QueueTriggerOptions {
  readonly settings: Settings;
  readonly queues: QueueOptions;
  readonly invoke: Invoke;
  readonly log: HostLog;
  /** How long a message stays hidden without a renewal; ten minutes by default. */
  readonly leaseSeconds?: number;
}

/** Runs a function for the messages of its queue, creating the queue when it is not there. */
export function createQueueTrigger(fn: QueueFunction, options: QueueTriggerOptions): QueueTrigger {
  const { queues, log } = options;
  const stopping = new AbortController();
  const receiver = createReceiver(fn, options, stopping.signal);
  let polling: Promise<unknown> = Promise.resolve();
  // One poll at a time, so that a drain never misses a batch that is on its way.
  const poll = () => {
    const next = polling.then(receiver.receive);
    polling = next.catch(() => undefined);
    return next;
  };
  let loop: Promise<void> | undefined;
  return {
    start: () => {
      loop = runPollLoop({
        poll,
        longestWaitMs: queues.maxPollingIntervalMs,
        signal: stopping.signal,
        onDown: (error) => {
          const state = `Queue '${fn.queueName}' cannot be read, trying again`;
          logHost(log, 'warning', `${state}: ${describeError(error)}`);
        },
      });
    },
    drain: async () => {
      for (let total = 0; ; ) {
        const found = (await poll()) || receiver.inFlight.size;
        await Promise.all(receiver.inFlight);
        if (found === 0) return total;
        total += found;
      }
    },
    stop: async () => {
      stopping.abort();
      await loop;
      await Promise.all(receiver.inFlight);
    },
  };
}

function createReceiver(fn: QueueFunction, options: QueueTriggerOptions, signal: AbortSignal) {
  const { queues, log } = options;
  const source = createSource(fn, options);
  const inFlight = new Set<Promise<void>>();
  let exists = false;
  const begin = (message: DequeuedMessageItem) => {
    const processing = processMessage(source, message)
      .catch((error: unknown) => {
        const state = `A message of queue '${fn.queueName}' was not settled`;
        logHost(log, 'error', `${state}: ${describeError(error)}`);
      })
      .finally(() => inFlight.delete(processing));
    inFlight.add(processing);
  };
  const receive = async () => {
    while (inFlight.size > queues.newBatchThreshold) await Promise.race(inFlight);
    if (signal.aborted) return 0;
    if (!exists) await source.queue.createIfNotExists();
    // Asked again after a failure: the queue may be gone with its service.
    exists = false;
    const { receivedMessageItems: messages } = await source.queue.receiveMessages({
      numberOfMessages: queues.batchSize,
      visibilityTimeout: source.leaseSeconds,
    });
    exists = true;
    for (const message of messages) begin(message);
    return messages.length;
  };
  return { receive, inFlight };
}

// As the real host: the messages of one that was killed come back after ten minutes.
const DEFAULT_LEASE_SECONDS = 10 * 60;

function createSource(fn: QueueFunction, options: QueueTriggerOptions): MessageSource {
  const { settings, queues, invoke, leaseSeconds = DEFAULT_LEASE_SECONDS } = options;
  const { connection, queueName, name, registered } = fn;
  const connectionString = settings[connection] ?? settings[`AzureWebJobs${connection}`];
  if (!connectionString) {
    throw new Error(`Function '${name}' needs a connection string in the setting '${connection}'.`);
  }
  // The polling loop is the retry.
  const service = QueueServiceClient.fromConnectionString(connectionString, {
    retryOptions: { maxTries: 1, tryTimeoutInMs: 10_000 },
  });
  const isPoison = queueName.endsWith('-poison');
  return {
    queue: service.getQueueClient(queueName),
    poison: isPoison ? undefined : service.getQueueClient(`${queueName}-poison`),
    options: queues,
    leaseSeconds,
    handle: (text, triggerMetadata) =>
      invoke(registered, { data: { string: text }, triggerMetadata }),
  };
}
