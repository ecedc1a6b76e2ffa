import type { QueueClient } from '@azure/storage-queue';
import { reachStorage } from '../requests/storage-error.ts';

/** A queue that takes longer is taken for dead, in milliseconds. */
const TIMEOUT = 5000;

/**
 * How many messages a queue holds, about; 0 when it was never used. Rejects when storage does not
 * answer.
 */
export async function readQueueDepth(connect: () => Promise<QueueClient>): Promise<number> {
  const properties = await reachStorage(
    async () =>
      await (await connect()).getProperties({ abortSignal: AbortSignal.timeout(TIMEOUT) }),
    [404],
  );
  return properties?.approximateMessagesCount ?? 0;
}
