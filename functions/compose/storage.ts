import { createIssuanceTable } from '../../shared/azure/audit/audit-tables.ts';
import { createRowSeal } from '../../shared/azure/authority/row-seal.ts';
import {
  type BlobContainer,
  createBlobContainer,
} from '../../shared/azure/blobs/blob-container.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { createIncidentTable } from '../../shared/azure/incidents/incident-table.ts';
import { createOrderTable } from '../../shared/azure/incidents/order-table.ts';
import { createAttemptTable } from '../../shared/azure/records/attempt-table.ts';
import { createEpochTable } from '../../shared/azure/records/epoch-table.ts';
import { createGrantTable } from '../../shared/azure/records/grant-table.ts';
import { createInvitationTable } from '../../shared/azure/records/invitation-table.ts';
import { createTenantTable } from '../../shared/azure/records/tenant-table.ts';
import { createTimerTable } from '../../shared/azure/records/timer-table.ts';
import { createTokenTable } from '../../shared/azure/records/token-table.ts';
import { createApiCallsTable } from '../../shared/azure/sync/api-calls-table.ts';
import { createSyncStateTable } from '../../shared/azure/sync/sync-state-table.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';
import { createSubscriptionTable } from '../../shared/azure/webhooks/subscription-table.ts';
import type { Seal } from '../../shared/crypto/seal.ts';
import { witnessEpoch } from '../../shared/epoch.ts';
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
import { createFindTombstone } from '../../shared/offboarding/tombstone.ts';
import type { Authority } from './authority.ts';
import { composeLogs } from './logs.ts';
import { composeMessages, composeQueues } from './messages.ts';

/** The tables, queues and blobs, wired. */
export type Storage = ReturnType<typeof composeStorage>;

/**
 * Wires tables, queues and blobs to one storage account; what is sent is sealed, and opened by
 * `openMessage`.
 */
export function composeStorage(
  azure: AzureClients,
  { seal, authority, log }: { seal: Seal; authority: Authority; log: Log },
) {
  const { open, openContainer } = opens(azure);
  const { openMessage, send } = composeMessages(azure, { seal, log });
  const { guard, events } = authority;
  const logs = composeLogs(open, { seal, authority, log });
  const tenants = createTenantTable(open('tenants'), log, guard);
  const findTombstone = createFindTombstone(tenants);
  const grants = createGrantTable(open('callers'), log, guard);
  const invitations = createInvitationTable(open('invitations'), log, guard);
  const subscriptions = createSubscriptionTable(open('webhooks'), log, guard);
  const attemptRows = createAttemptTable(open('consentattempts'));
  return {
    tenants,
    findTombstone,
    tokens: guardTokens(createTokenTable(open('tokens'), log), findTombstone),
    grants: guardGrants(grants, findTombstone),
    invitations: guardInvitations(invitations, findTombstone),
    purgeInvitations: invitations.removeTenant,
    purgeGrants: createPurgeGrants(grants, log),
    epoch: composeEpoch(open('epoch'), { seal, authority }),
    timerRuns: createTimerTable(open('timers'), log),
    issuances: createIssuanceTable(open('issuances'), log),
    events,
    ...composeIncidentStorage({ open, openContainer, log }),
    changeFeed: logs.changeFeed,
    syncStates: guardSync(createSyncStateTable(open('incidentsync'), log), findTombstone),
    apiCalls: guardApiCalls(createApiCallsTable(open('apicalls')), findTombstone),
    outbox: logs.outbox,
    subscriptions: guardSubscriptions(subscriptions, findTombstone),
    purgeSubscriptions: createPurgeSubscriptions(subscriptions, log),
    inspectables: {
      ...{ callers: grants, tenants, invitations, webhooks: subscriptions },
      ...logs.inspectables,
    },
    ...{ openTable: open, openContainer, send, attemptRows, openMessage },
    ...composeQueues(send),
    removeExpired: async (time: number) =>
      (await invitations.removeExpired(time)) + (await attemptRows.removeExpired(time)),
  };
}

/** The ledger is the epoch's second witness. */
function composeEpoch(
  open: OpenTable,
  { seal, authority: { authority, monitor } }: { seal: Seal; authority: Authority },
) {
  const table = createEpochTable(open, { rows: createRowSeal(seal, 'epoch'), monitor });
  return witnessEpoch(table, authority);
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
  return {
    open: (name: string) => () => azure.table(name),
    openContainer: (name: string) => createBlobContainer(azure.blobs, name),
  };
}
