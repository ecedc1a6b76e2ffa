import { createSavedQueryTable } from '../../shared/azure/hunting/saved-query-table.ts';
import { createIncidentTable } from '../../shared/azure/incidents/incident-table.ts';
import { createOrderTable } from '../../shared/azure/incidents/order-table.ts';
import { createAttemptTable } from '../../shared/azure/records/attempt-table.ts';
import { createInvitationTable } from '../../shared/azure/records/invitation-table.ts';
import { createTimerTable } from '../../shared/azure/records/timer-table.ts';
import { createApiCallsTable } from '../../shared/azure/sync/api-calls-table.ts';
import { createSyncStateTable } from '../../shared/azure/sync/sync-state-table.ts';
import { createRowLog, type RowLog } from '../../shared/azure/tables/row-log.ts';
import { createOrderedIncidents } from '../../shared/incidents/ordered-incidents.ts';
import type { Log } from '../../shared/log.ts';
import {
  refuseLateApiCalls,
  refuseLateInvitations,
  refuseLateSync,
} from '../../shared/offboarding/late-writes.ts';
import { createPurgeGrants, createPurgeSubscriptions } from '../../shared/offboarding/purges.ts';
import type { Authority } from './authority.ts';
import { composeQueues } from './messages.ts';
import { composeStreams } from './streams.ts';
import type { TokenStorage } from './token-storage.ts';

/** The tables, queues and blobs, wired. */
export type Storage = ReturnType<typeof composeStorage>;

/** Wires all other tables, queues and blobs to the same storage account. */
export function composeStorage(
  base: TokenStorage,
  { authority, log }: { authority: Authority; log: Log },
) {
  const { guard } = authority;
  const { openTable: open, findTombstone, tenants, allGrants, allSubscriptions } = base;
  const streams = composeStreams(open, { seal: guard.seal, authority, log });
  const invitations = createInvitationTable(open('invitations'), log, guard);
  const savedQueries = createSavedQueryTable(open('huntqueries'), log, guard);
  const attemptRows = createAttemptTable(open('consentattempts'));
  return {
    ...base,
    invitations: refuseLateInvitations(invitations, findTombstone),
    purgeInvitations: invitations.removeTenant,
    purgeGrants: createPurgeGrants(allGrants, log),
    timerRuns: createTimerTable(open('timers'), log),
    ...composeIncidentStorage(base, createRowLog(log, authority.refusals, 'incidents')),
    changeFeed: streams.changeFeed,
    syncStates: refuseLateSync(createSyncStateTable(open('incidentsync'), log), findTombstone),
    apiCalls: refuseLateApiCalls(createApiCallsTable(open('apicalls')), findTombstone),
    purgeSubscriptions: createPurgeSubscriptions(allSubscriptions, log),
    outbox: streams.outbox,
    inspectables: {
      ...{ callers: allGrants, tenants, invitations, webhooks: allSubscriptions },
      huntqueries: savedQueries,
      ...streams.inspectables,
      refusals: authority.refusals,
    },
    attemptRows,
    savedQueries,
    ...composeQueues(base.send),
    removeExpired: async (time: number) =>
      (await invitations.removeExpired(time)) +
      (await attemptRows.removeExpired(time)) +
      (await base.endedSessions.removeExpired(time)),
  };
}

function composeIncidentStorage({ openTable: open, openContainer }: TokenStorage, log: RowLog) {
  const stored = { open: open('incidents'), blobs: openContainer('incidents') };
  const incidentOrder = createOrderTable(open('incidentorder'), log);
  const incidents = createOrderedIncidents(createIncidentTable(stored, log), incidentOrder);
  return { incidents, incidentOrder };
}
