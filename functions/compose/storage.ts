import { createActTable, createIssuanceTable } from '../../shared/azure/audit-tables.ts';
import type { AzureClients } from '../../shared/azure/clients.ts';
import { createInvitationTable, createUsedStateTable } from '../../shared/azure/consent-tables.ts';
import { createEpochTable } from '../../shared/azure/epoch-table.ts';
import { createGrantTable } from '../../shared/azure/grant-table.ts';
import { createSendMessage } from '../../shared/azure/queue-sender.ts';
import { createTenantTable } from '../../shared/azure/tenant-table.ts';
import { createTimerTable } from '../../shared/azure/timer-table.ts';
import { createTokenTable } from '../../shared/azure/token-table.ts';
import type { Log } from '../../shared/log.ts';
import { REFRESH_QUEUE, VERIFICATION_QUEUE } from '../queues.ts';

/** The tables and queues, wired. */
export type Storage = ReturnType<typeof composeStorage>;

/** Wires tables and queues to one storage account. */
export function composeStorage(azure: AzureClients, log: Log) {
  const open = (name: string) => () => azure.table(name);
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
    invitations,
    usedStates,
    enqueueVerification: (tenantId: string, delayMs: number) =>
      sendVerification({ tenantId }, delayMs),
    enqueueRefresh: (keys: readonly unknown[]) => sendRefresh({ keys }),
    removeExpired: async (time: number) =>
      (await invitations.removeExpired(time)) + (await usedStates.removeExpired(time)),
  };
}
