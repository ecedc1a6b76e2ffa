import {
  type AuthorityTable,
  type RowChange,
  type RowName,
  type RowState,
  toNameText,
} from '../audit/row-state.ts';

/**
 * What the audit events say of every row that decides something: its newest version. Each process
 * keeps the index in memory, so a row that is loaded from storage is compared without any I/O.
 *
 * Example: the ledger says `callers|4711` has version 3. A row with version 2 is an older one that
 * somebody put back. A row with version 4 was written a moment ago, and its event is on the way.
 */
export interface AuthorityIndex {
  /** The ledger that the index was made from; `undefined`: there is none yet. */
  readonly ledgerId: string | undefined;
  find(name: RowName): RowState | undefined;
  /** Takes a change; of two of one row the higher version counts, whichever comes first. */
  apply(change: RowChange): void;
  /** Grows with every change of what callers may have or who is a customer. */
  readonly revision: number;
  /** Every row that has not ended before `now`, the removed ones too. */
  list(now: number): readonly RowChange[];
  /** Begins anew, with the rows of another ledger or of a snapshot. */
  reset(ledgerId: string, rows: readonly RowChange[]): void;
}

/** Tables that processes keep in memory. */
const CACHED: ReadonlySet<AuthorityTable> = new Set(['callers', 'tenants']);

/** Creates an empty index. */
export function createAuthorityIndex(): AuthorityIndex {
  const rows = new Map<string, RowChange>();
  let ledgerId: string | undefined;
  let revision = 0;

  const apply = (change: RowChange) => {
    const name = toNameText(change);
    const known = rows.get(name);
    if (known && known.version > change.version) return;
    rows.set(name, change);
    if (known?.version !== change.version && CACHED.has(change.table)) revision++;
  };

  return {
    get ledgerId() {
      return ledgerId;
    },
    get revision() {
      return revision;
    },
    find: (name) => rows.get(toNameText(name)),
    apply,
    list: (now) => [...rows.values()].filter(({ endsAt }) => endsAt === undefined || endsAt > now),
    reset(id, all) {
      ledgerId = id;
      rows.clear();
      for (const row of all) apply(row);
    },
  };
}
