import { createJournal } from '../../shared/audit/journal.ts';
import { createAuthorityIndex } from '../../shared/authority/authority-index.ts';
import { createIntegrityMonitor } from '../../shared/authority/integrity.ts';
import { createRowAuthority } from '../../shared/authority/row-authority.ts';
import { createMayBegin } from '../../shared/azure/authority/may-begin.ts';
import { createRowSeal } from '../../shared/azure/authority/row-seal.ts';
import type { BlobContainer } from '../../shared/azure/blobs/blob-container.ts';
import { createEventLedger } from '../../shared/azure/ledger/event-ledger.ts';
import { createLedgerFollower } from '../../shared/azure/ledger/follow-ledger.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';
import { createFixedSeal, createRingKey } from './key-ring.ts';
import { createRecordedLog } from './log.ts';

/** Where a process keeps its ledger. */
interface LedgerPlace {
  readonly open: OpenTable;
  readonly blobs: BlobContainer;
  /** Tables whose rows decide something. */
  readonly tables?: readonly OpenTable[];
}

/** The ledger of one process, and what it says of rows; every change is recorded at once. */
export function createAuthorityProcess(
  place: LedgerPlace,
  now: () => number,
  keys = createFixedSeal(createRingKey('one')),
) {
  const log = createRecordedLog();
  const monitor = createIntegrityMonitor({ log, now });
  const index = createAuthorityIndex();
  const { seal } = keys;
  const mayBegin = createMayBegin({ acts: place.open, others: place.tables ?? [] });
  const parts = { ...place, mayBegin, rows: createRowSeal(seal, 'acts'), index, monitor, now };
  const follower = createLedgerFollower(parts);
  const events = createEventLedger({ ...parts, follower, log });
  const journal = createJournal({ ledger: events, findScope: () => undefined });
  const { refresh } = follower;
  const { begin } = events;
  const authority = createRowAuthority({ index, refresh, begin, journal, monitor, now });
  return {
    log,
    monitor,
    index,
    follower,
    events,
    journal,
    authority,
    guard: { seal, authority, now },
  };
}
