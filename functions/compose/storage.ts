import type { ActLedger } from '../../shared/audit/ledger.ts';
import { createApiCallsTable } from '../../shared/azure/api-calls-table.ts';
import { createAttemptTable } from '../../shared/azure/attempt-table.ts';
import { createActTable, createIssuanceTable } from '../../shared/azure/audit-tables.ts';
import { type BlobContainer, createBlobContainer } from '../../shared/azure/blob-container.ts';
import type { AzureClients } from '../../shared/azure/clients.ts';
import { createEpochTable } from '../../shared/azure/epoch-table.ts';
import { createGrantTable } from '../../shared/azure/grant-table.ts';
import { createChangeFeedTable } from '../../shared/azure/incidents/change-feed-table.ts';
import { createIncidentTable } from '../../shared/azure/incidents/incident-table.ts';
import { createOrderTable } from '../../shared/azure/incidents/order-table.ts';
import { createSyncStateTable } from '../../shared/azure/incidents/sync-state-table.ts';
import { createInvitationTable } from '../../shared/azure/invitation-table.ts';
import { createSendMessage, type SendMessage } from '../../shared/azure/queue-sender.ts';
import type { OpenTable } from '../../shared/azure/table-store.ts';
import { createTenantTable } from '../../shared/azure/tenant-table.ts';
import { createTimerTable } from '../../shared/azure/timer-table.ts';
import { createTokenTable } from '../../shared/azure/token-table.ts';
import { createOutboxTable } from '../../shared/azure/webhooks/outbox-table.ts';
import { createSubscriptionTable } from '../../shared/azure/webhooks/subscription-table.ts';
import type { Seal } from '../../shared/crypto/seal.ts';
import { createOrderedIncidents } from '../../shared/incidents/ordered-incidents.ts';
import type { Log } from '../../shared/log.ts';
import {
  guardApiCalls,
  guardGrants,
  guardInvitations,
  guardSubscriptions,
  guardSync,
  guardTokens,
} from '../../shared/offboarding/guards.ts';
import { createPurgeGrants, createPurgeSubscriptions } from '../../shared/offboarding/purges.ts';
import { createFindTombstone, type FindTombstone } from '../../shared/offboarding/tombstone.ts';
import { createMessageSeal } from '../../shared/queue-message.ts';
import { DELIVERY_QUEUE, REFRESH_QUEUE, SYNC_QUEUE, VERIFICATION_QUEUE } from '../queues.ts';

/** The tables, queues and blobs, wired. */
export type Storage = ReturnType<typeof composeStorage>;

/** Wires the ledger of acts by itself: what makes the key ring, which the rest of storage needs, records in it. */
export function composeActs(azure: AzureClients, log: Log): ActLedger {
  const open = opens(azure);
  return createActTable(open('acts'), log);
}

/** Wires tables, queues and blobs to one storage account; what is sent is sealed, and opened by `openMessage`. */
export function composeStorage(
  azure: AzureClients,
  { seal, acts, log }: { seal: Seal; acts: ActLedger; log: Log },
) {
  const open = opens(azure);
  const openContainer = (name: string) => createBlobContainer(azure.blobs, name);
  const messages = createMessageSeal({ seal, log, now: Date.now });
  const send = (name: string) => {
    const sendSealed = createSendMessage(() => azure.queue(name));
    return async (message: unknown, delayMs?: number) =>
      await sendSealed(await messages.seal(name, message, delayMs), delayMs);
  };
  const tenants = createTenantTable(open('tenants'), log);
  const findTombstone = createFindTombstone(tenants);
  const grants = createGrantTable(open('callers'), log);
  const invitations = createInvitationTable(open('invitations'), log);
  const attemptRows = createAttemptTable(open('consentattempts'));
  return {
    tenants,
    findTombstone,
    tokens: guardTokens(createTokenTable(open('tokens'), log), findTombstone),
    grants: guardGrants(grants, findTombstone),
    invitations: guardInvitations(invitations, findTombstone),
    purgeInvitations: invitations.removeTenant,
    purgeGrants: createPurgeGrants(grants, log),
    epoch: createEpochTable(open('epoch')),
    timerRuns: createTimerTable(open('timers')),
    issuances: createIssuanceTable(open('issuances'), log),
    acts,
    ...composeIncidentStorage({ open, openContainer, log }),
    changeFeed: createChangeFeedTable(open('incidentchanges'), log),
    syncStates: guardSync(createSyncStateTable(open('incidentsync'), log), findTombstone),
    apiCalls: guardApiCalls(createApiCallsTable(open('apicalls')), findTombstone),
    ...composeWebhookStorage({ open, findTombstone, log }),
    openTable: open,
    openContainer,
    send,
    attemptRows,
    openMessage: messages.open,
    ...composeQueues(send),
    removeExpired: async (time: number) =>
      (await invitations.removeExpired(time)) + (await attemptRows.removeExpired(time)),
  };
}

function composeIncidentStorage({
  open,
  openContainer,
  log,
}: {
  open: (name: string) => OpenTable;
  openContainer: (name: string) => BlobContainer;
  log: Log;
}) {
  const stored = { open: open('incidents'), blobs: openContainer('incidents') };
  const incidentOrder = createOrderTable(open('incidentorder'), log);
  const incidents = createOrderedIncidents(createIncidentTable(stored, log), incidentOrder);
  return { incidents, incidentOrder };
}

function opens(azure: AzureClients) {
  return (name: string) => () => azure.table(name);
}

function composeQueues(send: (queue: string) => SendMessage) {
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

function composeWebhookStorage({
  open,
  findTombstone,
  log,
}: {
  open: (name: string) => OpenTable;
  findTombstone: FindTombstone;
  log: Log;
}) {
  const subscriptions = createSubscriptionTable(open('webhooks'), log);
  return {
    subscriptions: guardSubscriptions(subscriptions, findTombstone),
    purgeSubscriptions: createPurgeSubscriptions(subscriptions, log),
    outbox: createOutboxTable(open('webhookoutbox'), log),
  };
}
