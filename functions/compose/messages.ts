import type { Refusals } from '../../shared/authority/refusals.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { createSendMessage, type SendMessage } from '../../shared/azure/queues/queue-sender.ts';
import type { Seal } from '../../shared/crypto/seal.ts';
import type { Log } from '../../shared/log.ts';
import { createMessageSeal } from '../../shared/queue-message.ts';
import { DELIVERY_QUEUE, REFRESH_QUEUE, SYNC_QUEUE, VERIFICATION_QUEUE } from '../queues.ts';

/** What waits in a queue is sealed; `openMessage` opens what a queue function takes. */
export function composeMessages(
  azure: AzureClients,
  parts: { seal: Seal; refusals: Refusals; log: Log },
) {
  const messages = createMessageSeal({ ...parts, now: Date.now });
  const send = (name: string) => {
    const sendSealed = createSendMessage(() => azure.queue(name));
    return async (message: unknown, delayMs?: number) =>
      await sendSealed(await messages.seal(name, message, delayMs), delayMs);
  };
  return { openMessage: messages.open, send };
}

/** Wires what is put into queues for later. */
export function composeQueues(send: (queue: string) => SendMessage) {
  const sendVerification = send(VERIFICATION_QUEUE);
  const sendRefresh = send(REFRESH_QUEUE);
  const sendSync = send(SYNC_QUEUE);
  const sendDelivery = send(DELIVERY_QUEUE);
  return {
    enqueueVerification: (tenantId: string, delayMs: number) =>
      sendVerification({ tenantId }, delayMs),
    enqueueSync: (tenantId: string, delayMs: number) => sendSync({ tenantId }, delayMs),
    enqueueRefresh: (keys: readonly unknown[]) => sendRefresh({ keys }),
    enqueueDelivery: (subscriptionId: string, delayMs: number) =>
      sendDelivery({ subscriptionId }, delayMs),
  };
}
