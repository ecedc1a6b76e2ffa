import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { QueueOptions } from '../host-json.ts';
import type { TypedData } from '../worker/contract.ts';

/** The queue a message came from and how to treat it. */
export interface MessageSource {
  readonly queue: QueueClient;
  /** `undefined` for a poison queue, which has none of its own. */
  readonly poison: QueueClient | undefined;
  readonly options: QueueOptions;
  /** How long a received message stays hidden before it has to be renewed. */
  readonly leaseSeconds: number;
  /** Runs the function; rejects when it failed. */
  readonly handle: (
    text: string,
    metadata: Readonly<Record<string, TypedData>>,
  ) => Promise<unknown>;
}

/**
 * Takes one received message to its end: deleted after success, visible again after
 * `visibilityTimeout` when it failed, copied to the poison queue after `maxDequeueCount` failures.
 */
export async function processMessage(source: MessageSource, message: DequeuedMessageItem) {
  const { options } = source;
  const lease = holdLease(source, message);
  const text = decode(message.messageText, options.messageEncoding);
  const isSpent = message.dequeueCount > options.maxDequeueCount;
  const succeeded = text !== undefined && !isSpent && (await handled(source, message, text));
  const popReceipt = await lease.release();
  if (succeeded) {
    await source.queue.deleteMessage(message.messageId, popReceipt);
    return;
  }
  if (!source.poison) return;
  if (text === undefined || message.dequeueCount >= options.maxDequeueCount) {
    await source.poison.createIfNotExists();
    await source.poison.sendMessage(message.messageText);
    await source.queue.deleteMessage(message.messageId, popReceipt);
    return;
  }
  await hide(source, message, { popReceipt, seconds: options.visibilityTimeoutMs / 1000 });
}

async function handled(source: MessageSource, message: DequeuedMessageItem, text: string) {
  try {
    await source.handle(text, toTriggerMetadata(message, text));
    return true;
  } catch {
    // The invocation has logged it.
    return false;
  }
}

// Every update gives the message a new pop receipt, and only the newest one is good.
function holdLease(source: MessageSource, message: DequeuedMessageItem) {
  let popReceipt = message.popReceipt;
  let renewal = Promise.resolve();
  const timer = setInterval(() => {
    renewal = hide(source, message, { popReceipt, seconds: source.leaseSeconds }).then(
      (next) => {
        popReceipt = next;
      },
      // A lost lease shows when the message is deleted.
      () => undefined,
    );
  }, source.leaseSeconds * 500);
  return {
    release: async () => {
      clearInterval(timer);
      await renewal;
      return popReceipt;
    },
  };
}

async function hide(
  { queue }: MessageSource,
  { messageId, messageText }: DequeuedMessageItem,
  { popReceipt, seconds }: { popReceipt: string; seconds: number },
): Promise<string> {
  const updated = await queue.updateMessage(messageId, popReceipt, messageText, seconds);
  return updated.popReceipt ?? popReceipt;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function decode(text: string, encoding: QueueOptions['messageEncoding']): string | undefined {
  if (encoding === 'none') return text;
  return BASE64.test(text) ? Buffer.from(text, 'base64').toString() : undefined;
}

function toTriggerMetadata(message: DequeuedMessageItem, text: string) {
  const json = (value: unknown) => ({ json: JSON.stringify(value) });
  return {
    QueueTrigger: { string: text },
    DequeueCount: json(message.dequeueCount),
    Id: { string: message.messageId },
    PopReceipt: { string: message.popReceipt },
    InsertionTime: json(message.insertedOn),
    ExpirationTime: json(message.expiresOn),
    NextVisibleTime: json(message.nextVisibleOn),
    ...toFields(text),
  };
}

/**
 * The fields of a message that is a JSON object, as the host adds them: scalars as text, no arrays,
 * no nulls.
 */
function toFields(text: string): Readonly<Record<string, TypedData>> {
  const entries = Object.entries(parseObject(text)).flatMap(([name, value]) => {
    const field = toField(value);
    return field ? [[name, field] as const] : [];
  });
  return Object.fromEntries(entries);
}

function toField(value: unknown): TypedData | undefined {
  if (value === null || Array.isArray(value)) return undefined;
  if (typeof value === 'object') return { json: JSON.stringify(value) };
  // .NET spells booleans `True` and `False`.
  if (typeof value === 'boolean') return { string: value ? 'True' : 'False' };
  return { string: String(value) };
}

function parseObject(text: string): object {
  if (!text.trimStart().startsWith('{')) return {};
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
