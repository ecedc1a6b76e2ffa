import * as v from 'valibot';
import type { IntegrityReport, IntegrityReports } from '../../authority/integrity-check.ts';
import { readRow } from '../authority/row-io.ts';
import type { RowSeal } from '../authority/row-seal.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { checkRow } from '../tables/row-limits.ts';
import type { OpenTable } from '../tables/table-store.ts';

const ROW = { partitionKey: 'check', rowKey: 'last' };

/** ProbeFindings that are kept: what fits into a column. */
const MAX_FINDINGS = 100;

const rowSchema = v.object({ content: v.pipe(v.string(), v.parseJson()) });

/** Keeps the last report in a row of the table `acts`, authenticated as the others are. */
export function createIntegrityReports(open: OpenTable, rows: RowSeal): IntegrityReports {
  return {
    async save(report) {
      const findings = report.findings.slice(0, MAX_FINDINGS);
      const row = checkRow({ ...ROW, content: JSON.stringify({ ...report, findings }) });
      const signed = await rows.sign(row);
      await reachStorage(async () => await (await open()).upsertEntity(signed, 'Replace'));
    },
    async find() {
      const row = await readRow(open, ROW);
      if (!row || (await rows.verify(row)) !== 'valid') return undefined;
      // Its MAC says that a broker wrote it.
      return v.parse(rowSchema, row).content as IntegrityReport;
    },
  };
}
