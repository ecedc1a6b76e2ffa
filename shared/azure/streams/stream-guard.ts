import type { StreamTable } from '../../audit/row-state.ts';
import type { IntegrityMonitor } from '../../authority/integrity.ts';
import type { RowProblem } from '../../authority/judge-row.ts';
import type { BrokerError } from '../../errors.ts';
import { hashRow, type MacVerdict, type RowSeal } from '../authority/row-seal.ts';
import type { ReadRow } from '../tables/row.ts';
import type { OpenTable } from '../tables/table-store.ts';

/**
 * Tells rows of a stream that a broker wrote from those of somebody else: entry and head carry a
 * MAC over their table, keys and columns, so a row can't be made up, changed, or moved to another
 * number or stream. Example: who copies change 12 to number 13 gets a row whose MAC is wrong;
 * nobody is answered it, and the finding names `feed|0000000000000013`. It does not promise that a
 * row is still there: who may write the table may delete.
 */
export interface StreamGuard {
  readonly table: StreamTable;
  readonly rows: RowSeal;
  readonly monitor: IntegrityMonitor;
}

/** Where a stream is. Without a guard every row is believed. */
export interface StreamPlace {
  readonly open: OpenTable;
  readonly partition: string;
  readonly guard?: StreamGuard | undefined;
  /** The access lives as long as the process: what it has seen of the head counts. */
  readonly isKept?: boolean;
}

/** Rows that one look names: whoever wrote thousands must not fill the log and our memory. */
const MAX_NAMED_ROWS = 20;

/** Row keys may be long; a finding is read by people. */
const MAX_KEY_LENGTH = 100;

/** How a finding calls a row of a stream. */
export function toStreamKey({ partitionKey = '', rowKey = '' }: Keys): string {
  return `${partitionKey}|${rowKey}`.slice(0, MAX_KEY_LENGTH);
}

interface Keys {
  readonly partitionKey?: string | undefined;
  readonly rowKey?: string | undefined;
}

/** What the MAC of a row says; without a guard it is always valid. */
export async function verifyRow(guard: StreamGuard | undefined, row: ReadRow): Promise<MacVerdict> {
  return guard ? await guard.rows.verify(row) : 'valid';
}

/** Raises the alarm about a row and answers the error for who has to believe it. */
export function refuseRow(
  guard: StreamGuard,
  row: ReadRow | Keys,
  problem: RowProblem,
): BrokerError {
  const { table, monitor } = guard;
  const digest = 'etag' in row ? hashRow(table, row) : undefined;
  return monitor.report({ table, key: toStreamKey(row), problem, digest });
}

/** A row that no broker wrote; `undefined`: one did. */
export function findForgery(verdict: MacVerdict): 'forged' | 'key_lost' | undefined {
  return verdict === 'valid' ? undefined : verdict;
}

/** Raises the alarm about the first rows that are not believed. */
export function reportRows(
  guard: StreamGuard | undefined,
  refused: readonly { readonly row: ReadRow; readonly problem: RowProblem }[],
): void {
  if (!guard) return;
  for (const { row, problem } of refused.slice(0, MAX_NAMED_ROWS)) refuseRow(guard, row, problem);
}
