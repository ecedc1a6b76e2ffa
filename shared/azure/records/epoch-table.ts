import { randomUUID } from 'node:crypto';
import type { IntegrityMonitor } from '../../authority/integrity.ts';
import type { RowProblem } from '../../authority/judge-row.ts';
import type { EpochStore } from '../../epoch.ts';
import { toBusyError } from '../../errors.ts';
import { createRow, readRow, updateRow } from '../authority/row-io.ts';
import type { RowSeal } from '../authority/row-seal.ts';
import type { ReadRow } from '../tables/row.ts';
import type { OpenTable } from '../tables/table-store.ts';

const ROW = { partitionKey: 'epoch', rowKey: 'epoch' };

/** What tells our epoch from somebody else's. */
interface EpochGuard {
  readonly rows: RowSeal;
  readonly monitor: IntegrityMonitor;
}

/** A try is lost to a move of others, which ends the work, or to who is no broker. */
const ATTEMPTS = 20;

/**
 * The table `epoch`: one row, whose version grows with each change. An epoch that is not the
 * broker's, or older than one that this process has seen, is an alarm and counts as a move: what is
 * cached is then read again at each look.
 */
export function createEpochTable(open: OpenTable, guard?: EpochGuard): EpochStore {
  let seen = 0;
  const judge = createJudge(guard);

  return {
    async read() {
      const row = await readRow(open, ROW);
      const problem = await judge(row, seen);
      if (problem) {
        guard?.monitor.report({ table: 'epoch', key: 'epoch', problem });
        return randomUUID();
      }
      guard?.monitor.clear('epoch', 'epoch');
      seen = Math.max(seen, toVersion(row));
      return typeof row?.value === 'string' ? row.value : '';
    },
    async advance() {
      let begun: number | undefined;
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const row = await readRow(open, ROW);
        const current = toVersion(row);
        // Another process's move since this one began does as well: processes that see it read
        // everything anew.
        if (begun !== undefined && current > begun && !(await judge(row, seen))) {
          seen = Math.max(seen, current);
          return;
        }
        begun ??= current;
        const version = Math.max(seen, current) + 1;
        const next = { ...ROW, value: randomUUID(), version };
        const signed = guard ? await guard.rows.sign(next) : next;
        const etag = row ? await updateRow(open, signed, row.etag) : await createRow(open, signed);
        if (etag === undefined) continue;
        seen = version;
        return;
      }
      throw toBusyError('The epoch is being moved by others.');
    },
  };
}

function createJudge(guard: EpochGuard | undefined) {
  return async (row: ReadRow | undefined, seen: number): Promise<RowProblem | undefined> => {
    if (!guard) return undefined;
    if (!row) return seen > 0 ? 'missing' : undefined;
    const verdict = await guard.rows.verify(row);
    if (verdict !== 'valid') return verdict;
    return toVersion(row) < seen ? 'older' : undefined;
  };
}

function toVersion(row: ReadRow | undefined): number {
  return Number.isSafeInteger(row?.version) ? Number(row?.version) : 0;
}
