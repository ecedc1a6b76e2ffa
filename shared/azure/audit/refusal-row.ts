import * as v from 'valibot';
import type { OpenFinding } from '../../authority/integrity.ts';
import type { RefusalStore } from '../../authority/refusals.ts';
import { toBusyError } from '../../errors.ts';
import { createRow, readRow, updateRow } from '../authority/row-io.ts';
import type { RowSeal } from '../authority/row-seal.ts';
import type { ReadRow } from '../tables/row.ts';
import { checkRow } from '../tables/row-limits.ts';
import type { OpenTable } from '../tables/table-store.ts';

const ROW = { partitionKey: 'check', rowKey: 'refused' };

/** Others that write at the same time. */
const ATTEMPTS = 5;

const rowSchema = v.object({ content: v.pipe(v.string(), v.parseJson()) });

/**
 * Keeps what processes refused in a row of the table `acts`, authenticated as the others are; one
 * that no broker wrote holds nothing.
 */
export function createRefusalRow(open: OpenTable, rows: RowSeal): RefusalStore {
  const parse = async (row: ReadRow | undefined): Promise<readonly OpenFinding[]> => {
    if (!row || (await rows.verify(row)) !== 'valid') return [];
    // Its MAC says that a broker wrote it.
    return v.parse(rowSchema, row).content as readonly OpenFinding[];
  };
  return {
    find: async () => await parse(await readRow(open, ROW)),
    async change(next) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const row = await readRow(open, ROW);
        const content = JSON.stringify(next(await parse(row)));
        const signed = await rows.sign(checkRow({ ...ROW, content }));
        const etag = row ? await updateRow(open, signed, row.etag) : await createRow(open, signed);
        if (etag !== undefined) return;
      }
      throw toBusyError('The record is being changed by others.');
    },
  };
}
