import * as v from 'valibot';
import type { Inspectable } from '../../authority/inspection.ts';
import { isIntegrityError } from '../../authority/integrity.ts';
import type { Log } from '../../log.ts';
import type { Store, Stored } from '../../store.ts';
import { reachStorage } from '../requests/storage-error.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import { checkRow } from '../tables/row-limits.ts';
import {
  createTableStore,
  type Mapping,
  type OpenTable,
  parseReadable,
} from '../tables/table-store.ts';
import { believe, believeNow, findRecord, type GuardedParts } from './find-record.ts';
import { createInspectable } from './inspect-table.ts';
import { overwriteRecord } from './overwrite-record.ts';
import { removeRecord } from './remove-record.ts';
import {
  type AuthorityMapping,
  createRowGuard,
  type Guard,
  type RowId,
  type SignedChange,
} from './row-guard.ts';
import { createRow, readRow, updateRow } from './row-io.ts';

/** The records of a table whose rows decide something. */
export interface GuardedStore<K, T> extends Store<K, T>, Inspectable {
  /** The records of rows that were listed; one that can't be believed is an alarm and left out. */
  admit(rows: readonly ReadRow[], log: Log): Promise<readonly T[]>;
  /** Writes a record in place of whatever its row says, also one that is not believed. */
  overwrite(value: T): Promise<void>;
  /**
   * Writes a new record by a way of its own; `write` answers the ETag, `undefined`: it wrote
   * nothing.
   */
  insertBy(
    value: T,
    write: (row: Row) => Promise<string | undefined>,
  ): Promise<Stored<T> | undefined>;
}

/**
 * Creates a store of records that decide something; without a guard nothing is signed or judged.
 */
export function createGuardedStore<K, T>(
  open: OpenTable,
  mapping: Mapping<K, T> & AuthorityMapping<T>,
  guard: Guard | undefined,
): GuardedStore<K, T> {
  if (!guard) return createUnguarded(open, mapping);
  const { now } = guard;
  const parts: GuardedParts<K, T> = { open, mapping, guard: createRowGuard(guard, mapping), now };
  return {
    find: async (key) => await findRecord(parts, mapping.toRowId(key)),
    insert: (value) => insertRecord(parts, value),
    replace: (stored, value) => replaceRecord(parts, stored, value),
    remove: (key, mayRemove) => removeRecord(parts, mapping.toRowId(key), mayRemove),
    async admit(rows, log) {
      await parts.guard.authority.ensureCurrent();
      const admitted = await Promise.all(rows.map((row) => admitListed(parts, row, log)));
      return admitted.flatMap((value) => (value === undefined ? [] : [value]));
    },
    insertBy: (value, write) => insertRecord(parts, value, write),
    overwrite: (value) => overwriteRecord(parts, value),
    ...createInspectable(parts, mapping.isMine),
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
    async overwrite(value) {
      const row = checkRow(mapping.toRow(value));
      await reachStorage(async () => await (await open()).upsertEntity(row, 'Replace'));
    },
    inspect: () => Promise.resolve(0),
    accept: () => Promise.resolve({ accepted: [], unreadable: [] }),
  };
}

/** A record of a list; `undefined`: it was removed, or can't be believed or read. */
function admitListed<K, T>(
  parts: GuardedParts<K, T>,
  row: ReadRow,
  log: Log,
): T | undefined | Promise<T | undefined> {
  const { partitionKey = '', rowKey = '' } = row;
  const id = { partitionKey, rowKey };
  try {
    const stored = believeNow(parts, id, row);
    if (stored) return stored.value;
  } catch (error) {
    return leaveOut(id, error, log);
  }
  return believe(parts, id, row).then(
    (stored) => stored?.value,
    (error) => leaveOut(id, error, log),
  );
}

/** Throws what says nothing about the row. */
function leaveOut({ partitionKey, rowKey }: RowId, error: unknown, log: Log): undefined {
  if (error instanceof v.ValiError) {
    log.error('row.unreadable', { partition: partitionKey, row: rowKey });
    return;
  }
  // The monitor has raised the alarm.
  if (!isIntegrityError(error)) throw error;
}

async function insertRecord<K, T>(
  parts: GuardedParts<K, T>,
  value: T,
  write: (row: Row) => Promise<string | undefined> = (row) => createRow(parts.open, row),
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
  parts: GuardedParts<K, T>,
  value: T,
  id: RowId,
): Promise<Stored<T> | undefined> {
  const row = await readRow(parts.open, id);
  const { version: beforeVersion } = await parts.guard.judge(id, row);
  if (!row || !beforeVersion || beforeVersion.digest !== undefined) return undefined;
  const after = { value, row: parts.mapping.toRow(value) };
  const signed = await parts.guard.sign({ id, before: undefined, beforeVersion, after });
  const etag = await updateRow(parts.open, checkRow(signed.row), row.etag);
  return etag === undefined ? undefined : await settle(parts, signed, { value, etag });
}

async function replaceRecord<K, T>(
  parts: GuardedParts<K, T>,
  stored: Stored<T>,
  value: T,
): Promise<Stored<T> | undefined> {
  const { guard, mapping, open } = parts;
  if (!stored.version)
    throw new Error('A record that decides something was not read from its store.');
  const row = mapping.toRow(value);
  const { partitionKey, rowKey } = row;
  const signed = await guard.sign({
    id: { partitionKey, rowKey },
    before: stored.value,
    beforeVersion: stored.version,
    after: { value, row },
  });
  const etag = await updateRow(open, checkRow(signed.row), stored.etag);
  return etag === undefined ? undefined : await settle(parts, signed, { value, etag });
}

async function settle<K, T>(
  { guard }: GuardedParts<K, T>,
  { pending, version }: SignedChange,
  { value, etag }: { value: T; etag: string },
): Promise<Stored<T>> {
  if (pending) await guard.authority.note(pending);
  return { value, etag, version };
}
