import type { IntegrityMonitor } from '../../authority/integrity.ts';
import { reachStorage } from '../storage-error.ts';
import { type OpenTable, readRows } from '../table-store.ts';

/**
 * Creates the check before a ledger begins by itself: nothing may decide anything yet. Where rows are and no ledger is, it
 * was deleted, or the rows are of before there was one: only an operator can say so.
 */
export function createAssertMayBegin(
  tables: readonly OpenTable[],
  monitor: IntegrityMonitor,
): () => Promise<void> {
  return async () => {
    const rows = await Promise.all(
      tables.map((open) =>
        reachStorage(() => readRows(open, { filter: '', select: ['RowKey'] }, 1)),
      ),
    );
    if (rows.every(({ length }) => length === 0)) return;
    throw monitor.report({ table: 'acts', key: 'head', problem: 'missing' });
  };
}
