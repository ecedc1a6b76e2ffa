import { toBusyError } from '../../errors.ts';
import { checkRow } from '../tables/row-limits.ts';
import type { GuardedParts } from './find-record.ts';
import { createRow, readRow, updateRow } from './row-io.ts';

/** How many writers may come between. */
const ATTEMPTS = 8;

/**
 * Writes a record in place of whatever its row says, believed or not, in one write: at no moment is
 * there neither.
 */
export async function overwriteRecord<K, T>(parts: GuardedParts<K, T>, value: T): Promise<void> {
  const { guard, mapping, open } = parts;
  await guard.authority.ensureCurrent();
  const plain = mapping.toRow(value);
  const id = { partitionKey: plain.partitionKey, rowKey: plain.rowKey };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const row = await readRow(open, id);
    const { name, version } = await guard.judge(id, row);
    // Nothing of the row before counts, not even that it was the same.
    const beforeVersion = version && { ...version, digest: undefined };
    const after = { value, row: plain };
    const signed = await guard.sign({ id, before: undefined, beforeVersion, after });
    const fresh = checkRow(signed.row);
    const etag = row ? await updateRow(open, fresh, row.etag) : await createRow(open, fresh);
    if (etag === undefined) continue;
    guard.authority.clear(name);
    if (signed.pending) await guard.authority.note(signed.pending);
    return;
  }
  throw toBusyError('The record is being changed by others.');
}
