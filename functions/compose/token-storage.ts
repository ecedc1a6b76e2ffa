import { createIssuanceTable } from '../../shared/azure/audit/audit-tables.ts';
import { createRowSeal } from '../../shared/azure/authority/row-seal.ts';
import { createBlobContainer } from '../../shared/azure/blobs/blob-container.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { createEndedSessionTable } from '../../shared/azure/records/ended-session-table.ts';
import { createEpochTable } from '../../shared/azure/records/epoch-table.ts';
import { createGrantTable } from '../../shared/azure/records/grant-table.ts';
import { createTenantTable } from '../../shared/azure/records/tenant-table.ts';
import { createTokenTable } from '../../shared/azure/records/token-table.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';
import { createSubscriptionTable } from '../../shared/azure/webhooks/subscription-table.ts';
import type { Seal } from '../../shared/crypto/seal.ts';
import { witnessEpoch } from '../../shared/epoch.ts';
import type { Log } from '../../shared/log.ts';
import {
  refuseLateGrants,
  refuseLateSubscriptions,
  refuseLateTokens,
} from '../../shared/offboarding/late-writes.ts';
import { createFindTombstone } from '../../shared/tenants/tombstone.ts';
import type { Authority } from './authority.ts';
import { composeMessages } from './messages.ts';

/** The tables that a token takes, wired. */
export type TokenStorage = ReturnType<typeof composeTokenStorage>;

/**
 * Wires the tables that a token takes to one storage account, and what opens the others; what is
 * sent is sealed, and opened by `openMessage`.
 */
export function composeTokenStorage(
  azure: AzureClients,
  { seal, authority, log }: { seal: Seal; authority: Authority; log: Log },
) {
  const open = (name: string) => () => azure.table(name);
  const { guard, events, refusals } = authority;
  const { openMessage, send } = composeMessages(azure, { seal, refusals, log });
  const tenants = createTenantTable(open('tenants'), log, guard);
  const findTombstone = createFindTombstone(tenants);
  const allGrants = createGrantTable(open('callers'), log, guard);
  const allSubscriptions = createSubscriptionTable(open('webhooks'), log, guard);
  return {
    tenants,
    findTombstone,
    tokens: refuseLateTokens(createTokenTable(open('tokens'), log), findTombstone),
    allGrants,
    grants: refuseLateGrants(allGrants, findTombstone),
    epoch: composeEpoch(open('epoch'), { seal, authority }),
    issuances: createIssuanceTable(open('issuances'), log),
    events,
    // Every caller that comes renews its own.
    allSubscriptions,
    subscriptions: refuseLateSubscriptions(allSubscriptions, findTombstone),
    endedSessions: createEndedSessionTable(open('endedsessions')),
    openTable: open,
    openContainer: (name: string) => createBlobContainer(azure.blobs, name),
    send,
    openMessage,
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
