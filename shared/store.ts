import type { SignedVersion } from './audit/row-state.ts';
import { toBusyError } from './errors.ts';

/** A record as it was read, with the version that guards its next write. */
export interface Stored<T> {
  readonly value: T;
  readonly etag: string;
  /** Of a record that decides something: its version among the audit events. */
  readonly version?: SignedVersion;
}

/** A keyed set of records in which no write can overwrite one that it has not seen. */
export interface Store<K, T> {
  /** `undefined`: there is no such record. A rejection says nothing about the record. */
  find(key: K): Promise<Stored<T> | undefined>;
  /** `undefined`: a record with this key exists. */
  insert(value: T): Promise<Stored<T> | undefined>;
  /** `undefined`: the record changed or vanished since it was read. */
  replace(stored: Stored<T>, value: T): Promise<Stored<T> | undefined>;
  /**
   * Removes the record whatever its version; a missing one is fine. With `mayRemove` it stays where
   * that answers `false` for the very version that would be removed.
   */
  remove(key: K, mayRemove?: (current: T) => boolean): Promise<void>;
}

/** Concurrent writers of one record are few; after as many lost races something else is wrong. */
const CHANGE_ATTEMPTS = 8;

/**
 * Reads, applies a pure function and writes under the version that was read, again after a lost
 * race. `apply` may get `undefined` (no record yet) and may answer `undefined` (leave it as it is).
 */
export async function change<K, T>(
  store: Store<K, T>,
  key: K,
  apply: (current: T | undefined) => T | undefined,
): Promise<T | undefined> {
  for (let attempt = 0; attempt < CHANGE_ATTEMPTS; attempt++) {
    const stored = await store.find(key);
    const next = apply(stored?.value);
    if (next === undefined || next === stored?.value) return stored?.value;
    const written = stored ? await store.replace(stored, next) : await store.insert(next);
    if (written) return written.value;
  }
  throw toBusyError('The record is being changed by others.');
}
