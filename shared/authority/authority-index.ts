import { type RowChange, type RowName, type RowState, toNameText } from './row-state.ts';

/**
 * What the audit events say of every row that decides something: its newest version. Each process keeps the index in
 * memory, so a row that is loaded from storage is compared without any I/O.
 *
 * Example: the ledger says `callers|4711` has version 3. A row with version 2 is an older one that somebody put back.
 * A row with version 4 was written a moment ago, and its event is on the way.
 */
export interface AuthorityIndex {
  /** The ledger that the index was made from; `undefined`: there is none yet. */
  readonly ledgerId: string | undefined;
  find(name: RowName): RowState | undefined;
  /** Takes a change; of two of one row the higher version counts, whichever comes first. */
  apply(change: RowChange): void;
  /** Every row that has not ended before `now`, the removed ones too. */
  list(now: number): readonly RowChange[];
  /** Begins anew, with the rows of another ledger or of a snapshot. */
  reset(ledgerId: string, rows: readonly RowChange[]): void;
}

/** Creates an empty index. */
export function createAuthorityIndex(): AuthorityIndex {
  const rows = new Map<string, RowChange>();
  let ledgerId: string | undefined;

  const apply = (change: RowChange) => {
    const name = toNameText(change);
    if ((rows.get(name)?.version ?? 0) <= change.version) rows.set(name, change);
  };

  return {
    get ledgerId() {
      return ledgerId;
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
