import type { QueueClient } from '@azure/storage-queue';
import { reachStorage } from '../requests/storage-error.ts';

/** Queue messages hold 64 KiB of text; host.json sets `messageEncoding` to `none`. */
const MAX_MESSAGE_LENGTH = 64 * 1024;

/** A queue that takes longer is taken for dead, in milliseconds. */
const TIMEOUT = 5000;

/**
 * Sends a JSON message that becomes visible after `delayMs` (whole seconds, seven days at most).
 */
export type SendMessage = (message: unknown, delayMs?: number) => Promise<void>;

/** Creates the sender of one queue, which is created on first use. */
export function createSendMessage(connect: () => Promise<QueueClient>): SendMessage {
  let opened: Promise<QueueClient> | undefined;
  const open = async () => {
    const client = await connect();
    await client.createIfNotExists({ abortSignal: AbortSignal.timeout(TIMEOUT) });
    return client;
  };
  const openOnce = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  return async (message, delayMs = 0) => {
    const text = JSON.stringify(message);
    if (Buffer.byteLength(text) > MAX_MESSAGE_LENGTH) throw new Error('The message is too large.');
    const visibilityTimeout = Math.ceil(delayMs / 1000);
    await reachStorage(async () => {
      const abortSignal = AbortSignal.timeout(TIMEOUT);
      await (await openOnce()).sendMessage(text, { visibilityTimeout, abortSignal });
    });
  };
}
