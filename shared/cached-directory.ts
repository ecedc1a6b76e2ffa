import { isYounger } from './age.ts';
import { isIntegrityError } from './authority/integrity.ts';
import { createBoundedMap } from './bounded-map.ts';
import { createSingleFlight } from './single-flight.ts';
import type { Store } from './store.ts';
import { MINUTE } from './time.ts';

/** Records as this process knows them. */
export interface CachedDirectory<T> {
  /**
   * The record, at most `maxAge` old unless it can't be read; rejects with `integrity` when
   * somebody changed it; synchronous from memory. `undefined`: no such record.
   */
  get(key: string): T | undefined | Promise<T | undefined>;
  /** The record that memory holds; `undefined`: none. */
  findHeld(key: string): HeldRecord<T> | undefined;
  /** Forgets all records. */
  forget(): void;
}

/** A record in memory. Code that keeps it elsewhere has to look whether it still is the one. */
export interface HeldRecord<T> {
  readonly record: T;
  /** `get` answers it from then on, before `until`. Epoch milliseconds. */
  readonly readAt: number;
  readonly until: number;
  /** It was read again. */
  isReplaced: boolean;
}

/**
 * The epoch drops records within seconds of a change; this bounds a writer that died before it
 * moved the epoch.
 */
const RECORD_AGE = MINUTE;

/**
 * Keys without a record, which callers make up: they have a memory of their own, so that they push
 * no record out.
 */
const MAX_ABSENT = 10_000;

/** Creates the cached view of a table of records. */
export function createCachedDirectory<T>({
  records,
  maxAge = RECORD_AGE,
  now,
}: {
  records: Pick<Store<string, T>, 'find'>;
  /** Milliseconds; of what takes long to read it may depend on how long that took. */
  maxAge?: number | ((readMs: number) => number);
  now: () => number;
}): CachedDirectory<T> {
  const cache = createBoundedMap<HeldRecord<T>>();
  const absentAt = createBoundedMap<number>(MAX_ABSENT);
  const share = createSingleFlight<T | undefined>();

  // What is read when `forget` is called may be older than the change: it is answered, but not
  // kept.
  let generation = 0;

  const toMaxAge = typeof maxAge === 'number' ? () => maxAge : maxAge;
  const isFresh = ({ readAt, until }: HeldRecord<T>) => isYounger(readAt, until - readAt, now());

  const load = (key: string) =>
    share(`${generation}|${key}`, async () => {
      const [readAt, readIn] = [now(), generation];
      const record = (await records.find(key))?.value;
      if (readIn !== generation) return record;
      const former = cache.get(key);
      if (former) former.isReplaced = true;
      if (record) {
        const until = readAt + toMaxAge(now() - readAt);
        cache.set(key, { record, readAt, until, isReplaced: false });
        absentAt.delete(key);
      } else {
        cache.delete(key);
        absentAt.set(key, readAt);
      }
      return record;
    });

  return {
    get(key) {
      const cached = cache.get(key);
      if (!cached) {
        const checkedAt = absentAt.get(key);
        const isAbsent = checkedAt !== undefined && isYounger(checkedAt, toMaxAge(0), now());
        return isAbsent ? undefined : load(key);
      }
      if (isFresh(cached)) return cached.record;
      return load(key).catch((error: unknown) => {
        // What somebody wrote into storage is no outage: nothing is decided until the row is in
        // order again.
        if (isIntegrityError(error)) throw error;
        return cached.record;
      });
    },
    findHeld: cache.get,
    forget() {
      generation++;
      cache.clear();
      absentAt.clear();
    },
  };
}
