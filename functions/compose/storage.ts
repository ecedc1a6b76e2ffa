import { createActTable, createIssuanceTable } from '../../shared/azure/audit-tables.ts';
import { createBlobContainer } from '../../shared/azure/blob-container.ts';
import type { AzureClients } from '../../shared/azure/clients.ts';
import { createInvitationTable, createUsedStateTable } from '../../shared/azure/consent-tables.ts';
import { createEpochTable } from '../../shared/azure/epoch-table.ts';
import { createGrantTable } from '../../shared/azure/grant-table.ts';
import { createChangeFeedTable } from '../../shared/azure/incidents/change-feed-table.ts';
import { createIncidentTable } from '../../shared/azure/incidents/incident-table.ts';
import { createSyncStateTable } from '../../shared/azure/incidents/sync-state-table.ts';
import { createSendMessage } from '../../shared/azure/queue-sender.ts';
import { createOpenTable } from '../../shared/azure/table-store.ts';
import { createTenantTable } from '../../shared/azure/tenant-table.ts';
import { createTimerTable } from '../../shared/azure/timer-table.ts';
import { createTokenTable } from '../../shared/azure/token-table.ts';
import type { Log } from '../../shared/log.ts';
import { REFRESH_QUEUE, VERIFICATION_QUEUE } from '../queues.ts';

/** The tables, queues and blobs, wired. */
export type Storage = ReturnType<typeof composeStorage>;

/** Wires tables, queues and blobs to one storage account. */
export function composeStorage(azure: AzureClients, log: Log) {
  const open = (name: string) => createOpenTable(() => azure.table(name));
  const openContainer = (name: string) => createBlobContainer(azure.blobs, name);
  const send = (name: string) => createSendMessage(() => azure.queue(name));
  const invitations = createInvitationTable(open('invitations'));
  const usedStates = createUsedStateTable(open('usedstates'));
  const sendVerification = send(VERIFICATION_QUEUE);
  const sendRefresh = send(REFRESH_QUEUE);
  return {
    tenants: createTenantTable(open('tenants'), log),
    tokens: createTokenTable(open('tokens'), log),
    grants: createGrantTable(open('callers'), log),
    epoch: createEpochTable(open('epoch')),
    timerRuns: createTimerTable(open('timers')),
    issuances: createIssuanceTable(open('issuances'), log),
    acts: createActTable(open('acts'), log),
    incidents: createIncidentTable(
      { open: open('incidents'), blobs: openContainer('incidents') },
      log,
    ),
    changeFeed: createChangeFeedTable(open('incidentchanges'), log),
    syncStates: createSyncStateTable(open('incidentsync'), log),
    invitations,
    usedStates,
    enqueueVerification: (tenantId: string, delayMs: number) =>
      sendVerification({ tenantId }, delayMs),
    enqueueRefresh: (keys: readonly unknown[]) => sendRefresh({ keys }),
    removeExpired: async (time: number) =>
      (await invitations.removeExpired(time)) + (await usedStates.removeExpired(time)),
  };
}
