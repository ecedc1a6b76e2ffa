import { CHAIN } from '../events/ledger-head.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import { type OpenTable, readRows } from '../tables/table-store.ts';

/** What must be empty before a ledger begins by itself. */
interface BeginningTables {
  /** Audit events. */
  readonly acts: OpenTable;
  /** Rows that decide something, and those that exist only behind them. */
  readonly others: readonly OpenTable[];
}

/**
 * Creates the look before a ledger begins by itself, and before a row that is not there counts as
 * absent: nothing may be there yet. Where rows are and no ledger is, somebody deleted it, or the
 * rows are of before there was one: only an operator can say so.
 */
export function createMayBegin({ acts, others }: BeginningTables): () => Promise<boolean> {
  const isEmpty = async (open: OpenTable, filter = '') =>
    (await reachStorage(() => readRows(open, { filter, select: ['RowKey'] }, 1))).length === 0;
  return async () => {
    const looks = others.map(async (open) => await isEmpty(open));
    const all = await Promise.all([...looks, isEmpty(acts, odata`PartitionKey eq ${CHAIN}`)]);
    return all.every(Boolean);
  };
}
