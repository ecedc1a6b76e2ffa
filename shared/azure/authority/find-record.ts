import { findRowProblem } from '../../authority/judge-row.ts';
import type { Stored } from '../../store.ts';
import { MINUTE } from '../../time.ts';
import type { ReadRow } from '../tables/row.ts';
import type { Mapping, OpenTable } from '../tables/table-store.ts';
import type { Judged, RowGuard, RowId } from './row-guard.ts';
import { readRow } from './row-io.ts';

/** A table whose rows decide something. */
export interface GuardedParts<K, T> {
  readonly open: OpenTable;
  readonly mapping: Mapping<K, T>;
  readonly guard: RowGuard<T>;
  readonly now: () => number;
}

/** A row that was written this long ago has its event, unless its writer died. */
const LATE_MS = MINUTE;

/**
 * Between the look at a row and at the ledger the row may have been changed and its event recorded.
 */
const LOOKS = 4;

/**
 * The record, if its row may be believed; throws `integrity` otherwise. `undefined`: there is none.
 */
export async function findRecord<K, T>(
  parts: GuardedParts<K, T>,
  id: RowId,
): Promise<Stored<T> | undefined> {
  const [row] = await Promise.all([readRow(parts.open, id), parts.guard.authority.ensureCurrent()]);
  return (row && believeNow(parts, id, row)) ?? (await believe(parts, id, row));
}

/**
 * The record of a row that was read already, without waiting, as nearly every row allows it: its
 * MAC's key is in memory, and its event is recorded. `undefined` says nothing: ask `believe`.
 */
export function believeNow<K, T>(
  { guard, mapping }: GuardedParts<K, T>,
  id: RowId,
  row: ReadRow,
): Stored<T> | undefined {
  const { name, judgement, version } = guard.judgeNow(id, row) ?? {};
  if (!name || judgement !== 'current' || version?.digest === undefined) return undefined;
  guard.authority.clear(name);
  return { value: mapping.parseRow(row), etag: row.etag, version };
}

/** The record of a row that was read already, if it may be believed; else throws `integrity`. */
export async function believe<K, T>(
  parts: GuardedParts<K, T>,
  id: RowId,
  first: ReadRow | undefined,
): Promise<Stored<T> | undefined> {
  const { guard } = parts;
  let row = first;
  let judged = await guard.judge(id, row);
  for (let looks = 1; looks < LOOKS && findRowProblem(judged.judgement); looks++) {
    await guard.authority.follow();
    row = await readRow(parts.open, id);
    judged = await guard.judge(id, row);
  }
  const problem = findRowProblem(judged.judgement);
  if (problem) throw guard.authority.refuse(judged.name, problem, row && guard.hashRow(row));
  return await toStored(parts, id, { row, judged });
}

async function toStored<K, T>(
  { guard, mapping, now }: GuardedParts<K, T>,
  id: RowId,
  { row, judged }: { row: ReadRow | undefined; judged: Judged },
): Promise<Stored<T> | undefined> {
  const { name, judgement, version } = judged;
  guard.authority.clear(name);
  if (!row || !version) return undefined;
  const isMarker = version.digest === undefined;
  const value = isMarker ? undefined : mapping.parseRow(row);
  if (judgement === 'ahead' && now() - version.signedAt > LATE_MS) {
    await guard.noteLate(id, version, value);
  }
  return value && { value, etag: row.etag, version };
}
