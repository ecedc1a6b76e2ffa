import { BrokerError } from '../../errors.ts';
import type { ReadRow } from '../row.ts';
import type { GuardedParts } from './find-record.ts';
import type { Judged, RowId } from './row-guard.ts';
import { createRow, eraseRow, readRow, updateRow } from './row-io.ts';

/** How many writers may come between. */
const ATTEMPTS = 8;

/**
 * Replaces the row by one that says that the record was removed; when the event of that is recorded, this row goes too. So
 * a row that is simply gone was taken away by somebody else. A row that can't be believed can be removed as well.
 */
export async function removeRecord<K, T>(parts: GuardedParts<K, T>, id: RowId): Promise<void> {
  const { guard, open, mapping } = parts;
  await guard.authority.ensureCurrent();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const row = await readRow(open, id);
    const judged = await guard.judge(id, row);
    if (isGone(parts, row, judged)) return;
    const { version } = judged;
    const before = row && version?.digest !== undefined ? mapping.parseRow(row) : undefined;
    const signed = await guard.sign({ id, before, beforeVersion: version, after: undefined });
    const etag = row
      ? await updateRow(open, signed.row, row.etag)
      : await createRow(open, signed.row);
    if (etag === undefined) continue;
    guard.authority.clear(judged.name);
    if (!signed.pending) return;
    return await guard.authority.note({
      ...signed.pending,
      settle: () => eraseRow(open, id, etag),
    });
  }
  throw new BrokerError('temporarily_unavailable', 'The record is being changed by others.', {
    owner: 'caller',
    remedy: 'Try again.',
    retryAfterSeconds: 1,
  });
}

/** Whether nothing is there and nothing has to be. */
function isGone<K, T>(
  { guard }: GuardedParts<K, T>,
  row: ReadRow | undefined,
  { name, version }: Judged,
): boolean {
  if (guard.authority.find(name)?.digest !== undefined) return false;
  return !row || (version !== undefined && version.digest === undefined);
}
