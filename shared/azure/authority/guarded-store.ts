import type { SignedVersion } from '../../authority/row-state.ts';
import type { Log } from '../../log.ts';
import type { Store, Stored } from '../../store.ts';
import type { ReadRow, Row } from '../row.ts';
import { checkRow } from '../row-limits.ts';
import { reachStorage } from '../storage-error.ts';
import { createTableStore, type Mapping, type OpenTable, parseReadable } from '../table-store.ts';
import {
  type AuthorityMapping,
  createRowGuard,
  type Guard,
  type Judged,
  type RowGuard,
  type RowId,
  type SignedChange,
} from './row-guard.ts';

/** The records of a table whose rows decide something. */
export interface GuardedStore<K, T> extends Store<K, T> {
  /** The records of rows that were listed; one that can't be believed is an alarm and left out. */
  admit(rows: readonly ReadRow[], log: Log): Promise<readonly T[]>;
  /** Writes a new record by a way of its own; `write` answers the ETag, `undefined`: it wrote nothing. */
  insertBy(
    value: T,
    write: (row: Row) => Promise<string | undefined>,
  ): Promise<Stored<T> | undefined>;
}

/** A row that was written this long ago has its event, unless its writer died. */
const LATE_MS = 60_000;

interface Parts<K, T> {
  readonly open: OpenTable;
  readonly mapping: Mapping<K, T>;
  readonly guard: RowGuard<T>;
  readonly now: () => number;
}

/** Creates a store of records that decide something; without a guard nothing is signed or judged. */
export function createGuardedStore<K, T>(
  open: OpenTable,
  mapping: Mapping<K, T> & AuthorityMapping<T>,
  guard: Guard | undefined,
): GuardedStore<K, T> {
  if (!guard) return createUnguarded(open, mapping);
  const { now } = guard;
  const parts: Parts<K, T> = { open, mapping, guard: createRowGuard(guard, mapping), now };
  return {
    find: async (key) => await findRecord(parts, mapping.toRowId(key)),
    insert: (value) => insertRecord(parts, value),
    replace: (stored, value) => replaceRecord(parts, stored, value),
    remove: (key) => removeRecord(parts, mapping.toRowId(key)),
    async admit(rows) {
      await parts.guard.authority.ensureCurrent();
      const admitted = await Promise.all(rows.map((row) => admitListed(parts, row)));
      return admitted.flatMap((value) => (value === undefined ? [] : [value]));
    },
    insertBy: (value, write) => insertRecord(parts, value, write),
  };
}

function createUnguarded<K, T>(open: OpenTable, mapping: Mapping<K, T>): GuardedStore<K, T> {
  return {
    ...createTableStore(open, mapping),
    admit: (rows, log) => Promise.resolve(parseReadable(rows, mapping.parseRow, log)),
    async insertBy(value, write) {
      const etag = await write(mapping.toRow(value));
      return etag === undefined ? undefined : { value, etag };
    },
  };
}

/** The record, if its row may be believed; throws `integrity` otherwise. `undefined`: there is none. */
async function findRecord<K, T>(parts: Parts<K, T>, id: RowId): Promise<Stored<T> | undefined> {
  const [row] = await Promise.all([
    readRow(parts.open, id),
    parts.guard.authority.ensureCurrent(),
  ]);
  const first = await parts.guard.judge(id, row);
  if (isBelieved(first)) return await toStored(parts, id, { row, judged: first });
  // Between the two reads the row may have been changed and its event recorded.
  const again = await readRow(parts.open, id);
  const second = await parts.guard.judge(id, again);
  if (!isBelieved(second)) throw refuse(parts, second);
  return await toStored(parts, id, { row: again, judged: second });
}

function isBelieved({ judgement }: Judged): boolean {
  return judgement === 'current' || judgement === 'ahead';
}

function refuse<K, T>({ guard }: Parts<K, T>, { name, judgement }: Judged): Error {
  if (judgement === 'current' || judgement === 'ahead') throw new Error('The row is believed.');
  return guard.authority.refuse(name, judgement);
}

async function toStored<K, T>(
  { guard, mapping, now }: Parts<K, T>,
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

/** `undefined`: it was removed, or can't be believed or read. */
async function admitListed<K, T>(parts: Parts<K, T>, row: ReadRow): Promise<T | undefined> {
  const { partitionKey = '', rowKey = '' } = row;
  try {
    return (await findListed(parts, { partitionKey, rowKey }, row))?.value;
  } catch {
    // The monitor has raised the alarm.
    return undefined;
  }
}

async function findListed<K, T>(
  parts: Parts<K, T>,
  id: RowId,
  row: ReadRow,
): Promise<Stored<T> | undefined> {
  const judged = await parts.guard.judge(id, row);
  return isBelieved(judged)
    ? await toStored(parts, id, { row, judged })
    : await findRecord(parts, id);
}

async function readRow(open: OpenTable, { partitionKey, rowKey }: RowId) {
  return await reachStorage(
    async () => await (await open()).getEntity<Record<string, unknown>>(partitionKey, rowKey),
    [404],
  );
}

async function insertRecord<K, T>(
  parts: Parts<K, T>,
  value: T,
  write: (row: Row) => Promise<string | undefined> = (row) => create(parts.open, row),
): Promise<Stored<T> | undefined> {
  const { guard, mapping } = parts;
  await guard.authority.ensureCurrent();
  const row = mapping.toRow(value);
  const { partitionKey, rowKey } = row;
  const id = { partitionKey, rowKey };
  const change = { id, before: undefined, beforeVersion: undefined, after: { value, row } };
  const signed = await guard.sign(change);
  const etag = await write(checkRow(signed.row));
  if (etag !== undefined) return await settle(parts, signed, { value, etag });
  return await insertOverMarker(parts, value, id);
}

/** A record that was removed leaves a row behind until the event of its removal is recorded. */
async function insertOverMarker<K, T>(
  parts: Parts<K, T>,
  value: T,
  id: RowId,
): Promise<Stored<T> | undefined> {
  const row = await readRow(parts.open, id);
  const { version: beforeVersion } = await parts.guard.judge(id, row);
  if (!row || !beforeVersion || beforeVersion.digest !== undefined) return undefined;
  const after = { value, row: parts.mapping.toRow(value) };
  const signed = await parts.guard.sign({ id, before: undefined, beforeVersion, after });
  const etag = await update(parts.open, checkRow(signed.row), row.etag);
  return etag === undefined ? undefined : await settle(parts, signed, { value, etag });
}

async function replaceRecord<K, T>(
  parts: Parts<K, T>,
  stored: Stored<T>,
  value: T,
): Promise<Stored<T> | undefined> {
  const { guard, mapping, open } = parts;
  if (!stored.version) throw new Error('A record that decides something was not read from its store.');
  const row = mapping.toRow(value);
  const { partitionKey, rowKey } = row;
  const signed = await guard.sign({
    id: { partitionKey, rowKey },
    before: stored.value,
    beforeVersion: stored.version,
    after: { value, row },
  });
  const etag = await update(open, checkRow(signed.row), stored.etag);
  return etag === undefined ? undefined : await settle(parts, signed, { value, etag });
}

async function settle<K, T>(
  { guard }: Parts<K, T>,
  { pending, version }: SignedChange,
  { value, etag }: { value: T; etag: string },
): Promise<Stored<T>> {
  if (pending) await guard.authority.note(pending);
  return { value, etag, version };
}

/** How many writers may come between while a record is removed. */
const REMOVE_ATTEMPTS = 8;

/**
 * Replaces the row by one that says that the record was removed; when the event of that is recorded, this row goes too. So
 * a row that is simply gone was taken away by somebody else. A row that can't be believed can be removed as well.
 */
async function removeRecord<K, T>(parts: Parts<K, T>, id: RowId): Promise<void> {
  const { guard, open, mapping } = parts;
  await guard.authority.ensureCurrent();
  for (let attempt = 0; attempt < REMOVE_ATTEMPTS; attempt++) {
    const row = await readRow(open, id);
    const { version } = await guard.judge(id, row);
    if (isGone(parts, id, row, version)) return;
    const [before] = row && version?.digest !== undefined ? [mapping.parseRow(row)] : [];
    const change = { id, before, beforeVersion: version, after: undefined };
    const signed = await guard.sign(change);
    const etag = row ? await update(open, signed.row, row.etag) : await create(open, signed.row);
    if (etag === undefined) continue;
    if (signed.pending) {
      await guard.authority.note({ ...signed.pending, settle: () => erase(open, id, etag) });
    }
    return;
  }
  throw new Error('The record is being changed by others.');
}

/** Whether nothing is there and nothing has to be. */
function isGone<K, T>(
  { guard }: Parts<K, T>,
  id: RowId,
  row: ReadRow | undefined,
  version: SignedVersion | undefined,
): boolean {
  const known = guard.authority.find(guard.toName(id));
  if (!row) return known?.digest === undefined;
  return version !== undefined && version.digest === undefined && known?.digest === undefined;
}

async function erase(open: OpenTable, { partitionKey, rowKey }: RowId, etag: string) {
  const removed = async () => await (await open()).deleteEntity(partitionKey, rowKey, { etag });
  await reachStorage(removed, [404, 412]);
}

async function create(open: OpenTable, row: Row): Promise<string | undefined> {
  return (await reachStorage(async () => await (await open()).createEntity(row), [409]))?.etag;
}

async function update(open: OpenTable, row: Row, etag: string): Promise<string | undefined> {
  const write = async () => await (await open()).updateEntity(row, 'Replace', { etag });
  return (await reachStorage(write, [404, 412]))?.etag;
}
