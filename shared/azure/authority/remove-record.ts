import { toBusyError } from '../../errors.ts';
import type { ReadRow } from '../tables/row.ts';
import { believe, type GuardedParts } from './find-record.ts';
import type { Judged, RowId } from './row-guard.ts';
import { createRow, eraseRow, readRow, updateRow } from './row-io.ts';

/** How many writers may come between. */
const ATTEMPTS = 8;

/**
 * Replaces the row by one that says that the record was removed; when the event of that is
 * recorded, this row goes too. So a row that is simply gone was taken away by somebody else. A row
 * that can't be believed can be removed as well, but not with `mayRemove`, which is asked about the
 * very row that is replaced.
 */
export async function removeRecord<K, T>(
  parts: GuardedParts<K, T>,
  id: RowId,
  mayRemove?: (current: T) => boolean,
): Promise<void> {
  await parts.guard.authority.ensureCurrent();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const row = await readRow(parts.open, id);
    const judged = await parts.guard.judge(id, row);
    if (isGone(parts, row, judged)) return;
    if (mayRemove) {
      const stored = await believe(parts, id, row);
      if (stored && !mayRemove(stored.value)) return;
      if (stored?.etag !== row?.etag) continue;
    }
    if (await tryRemove(parts, id, { row, judged })) return;
  }
  throw toBusyError('The record is being changed by others.');
}

/** `false`: the row is not the one that was read. */
async function tryRemove<K, T>(
  { guard, open, mapping }: GuardedParts<K, T>,
  id: RowId,
  { row, judged }: { row: ReadRow | undefined; judged: Judged },
): Promise<boolean> {
  const { version } = judged;
  const before = row && version?.digest !== undefined ? mapping.parseRow(row) : undefined;
  const signed = await guard.sign({ id, before, beforeVersion: version, after: undefined });
  const etag = row
    ? await updateRow(open, signed.row, row.etag)
    : await createRow(open, signed.row);
  if (etag === undefined) return false;
  guard.authority.clear(judged.name);
  if (signed.pending) {
    await guard.authority.note({ ...signed.pending, settle: () => eraseRow(open, id, etag) });
  }
  return true;
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
