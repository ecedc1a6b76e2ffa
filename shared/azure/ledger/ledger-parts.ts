import type { ChainPlace } from '../../audit/chain/verify-chain.ts';
import type { RowChange } from '../../audit/row-state.ts';
import type { AuthorityIndex } from '../../authority/authority-index.ts';
import type { IntegrityMonitor } from '../../authority/integrity.ts';
import type { Log } from '../../log.ts';
import type { RowSeal } from '../authority/row-seal.ts';
import type { BlobContainer } from '../blobs/blob-container.ts';
import type { LedgerHead } from '../events/ledger-head.ts';
import type { OpenTable } from '../tables/table-store.ts';

/** What a ledger lies in, and what it feeds. */
export interface LedgerParts {
  readonly open: OpenTable;
  readonly blobs: BlobContainer;
  readonly rows: RowSeal;
  readonly index: AuthorityIndex;
  readonly monitor: IntegrityMonitor;
  readonly now: () => number;
  /** Whether a ledger may begin by itself: nothing in storage decides anything yet. */
  readonly mayBegin: () => Promise<boolean>;
}

/** A process's view of the ledger: it only ever goes forward. */
export interface LedgerFollower {
  /** Reads the head and takes its changes into the index; answers whether there was news. */
  refresh(): Promise<boolean>;
  /**
   * The head, to append under it: `undefined`, there is no ledger. Rejects with `integrity` when it
   * must not go on.
   */
  readForAppend(): Promise<LedgerHead | undefined>;
  /** The last event that this process knows of; `undefined`: none. */
  findPlace(): Followed | undefined;
  /** Takes a head that this process wrote, with the changes of its events. */
  adopt(head: LedgerHead, changes: readonly RowChange[]): void;
}

/** How far a process has followed. */
export interface Followed extends ChainPlace {
  readonly ledgerId: string;
  readonly generation: number;
}

/** What appends. */
export interface AppendParts extends LedgerParts {
  readonly follower: LedgerFollower;
  readonly log: Log;
}
