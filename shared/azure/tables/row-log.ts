import type { RefusalTable } from '../../audit/row-state.ts';
import { toTenantHash } from '../../audit/tenant-hash.ts';
import type { Refusals } from '../../authority/refusals.ts';
import type { Log } from '../../log.ts';
import type { ReadRow } from './row.ts';

/** A log of rows that can't be read; it names those that somebody else must have written. */
export interface RowLog extends Log {
  /** `too_large`: it unpacks beyond its limit; no broker packs that much. */
  readonly report?: (row: RowKeys, problem: 'too_large' | 'damaged') => void;
}

type RowKeys = Pick<ReadRow, 'partitionKey' | 'rowKey'>;

/** Row keys may be long; a finding is read by people. */
const MAX_KEY_LENGTH = 100;

/** Creates the log of one table whose rows are packed. */
export function createRowLog(
  log: Log,
  { report }: Pick<Refusals, 'report'>,
  table: RefusalTable,
): RowLog {
  return {
    ...log,
    report: (row, problem) => report({ table, key: toKey(table, row), problem }),
  };
}

/** Says in the log that a row can't be read, and names it where it unpacks beyond its limit. */
export function logUnreadable(log: RowLog, row: RowKeys, error: unknown): void {
  log.error('row.unreadable', { partition: row.partitionKey, row: row.rowKey });
  if (isTooLarge(error)) log.report?.(row, 'too_large');
}

/** The same of a row that has to be readable: one that is not is named in any case. */
export function logDamaged(log: RowLog, row: RowKeys, error: unknown): void {
  logUnreadable(log, row, error);
  if (!isTooLarge(error)) log.report?.(row, 'damaged');
}

/** Findings name no tenant: incidents lie in partitions of tenants. */
function toKey(table: RefusalTable, { partitionKey = '', rowKey = '' }: RowKeys): string {
  const partition = table === 'incidents' ? toTenantHash(partitionKey) : partitionKey;
  return `${partition}|${rowKey}`.slice(0, MAX_KEY_LENGTH);
}

/** Whether `unpack` refused bytes because they unpack beyond their limit. */
function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
