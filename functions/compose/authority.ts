import { createJournal } from '../../shared/audit/journal.ts';
import { AUTHORITY_TABLES } from '../../shared/audit/row-state.ts';
import { createAuthorityIndex } from '../../shared/authority/authority-index.ts';
import { createIntegrityMonitor } from '../../shared/authority/integrity.ts';
import { createRefusals } from '../../shared/authority/refusals.ts';
import { createRowAuthority } from '../../shared/authority/row-authority.ts';
import { createIntegrityReports } from '../../shared/azure/audit/integrity-reports.ts';
import { createRefusalRow } from '../../shared/azure/audit/refusal-row.ts';
import { createMayBegin } from '../../shared/azure/authority/may-begin.ts';
import { createRowSeal } from '../../shared/azure/authority/row-seal.ts';
import { createBlobContainer } from '../../shared/azure/blobs/blob-container.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { createEventLedger } from '../../shared/azure/ledger/event-ledger.ts';
import { createLedgerFollower } from '../../shared/azure/ledger/follow-ledger.ts';
import type { Seal } from '../../shared/crypto/seal.ts';
import type { Log } from '../../shared/log.ts';
import type { InvocationLog } from '../log.ts';

const { now } = Date;

/** Tables that have rows only after somebody was a customer. */
const LATER_TABLES = ['tokens', 'issuances'];

/** The ledger of audit events and what it says of rows, wired. */
export type Authority = ReturnType<typeof composeAuthority>;

/** Wires the ledger, the journal that writes it, and the judgement of rows by it. */
export function composeAuthority(
  azure: AzureClients,
  { seal, log }: { seal: Seal; log: Log & Pick<InvocationLog, 'findScope'> },
) {
  const monitor = createIntegrityMonitor({ log, now });
  const index = createAuthorityIndex();
  const open = (name: string) => () => azure.table(name);
  const openContainer = (name: string) => createBlobContainer(azure.blobs, name);
  const acts = open('acts');
  const others = [...AUTHORITY_TABLES, ...LATER_TABLES].map(open);
  const parts = {
    open: acts,
    mayBegin: createMayBegin({ acts, others }),
    blobs: openContainer('ledger'),
    rows: createRowSeal(seal, 'acts'),
    index,
    monitor,
    now,
  };
  const follower = createLedgerFollower(parts);
  const events = createEventLedger({ ...parts, follower, log });
  const journal = createJournal({ ledger: events, findScope: log.findScope });
  const authority = createRowAuthority({
    index,
    refresh: follower.refresh,
    begin: events.begin,
    journal,
    monitor,
    now,
  });
  const reports = createIntegrityReports(parts.open, parts.rows);
  const store = createRefusalRow(parts.open, parts.rows);
  const refusals = createRefusals({ monitor, store, log, now });
  const hasLedger = () => index.ledgerId !== undefined;
  return {
    monitor,
    events,
    journal,
    authority,
    reports,
    refusals,
    hasLedger,
    guard: { seal, authority, now },
  };
}
