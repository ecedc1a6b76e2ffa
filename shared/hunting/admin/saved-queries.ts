import { isIntegrityError } from '../../authority/integrity.ts';
import type { Caller } from '../../callers/caller.ts';
import { change } from '../../store.ts';
import { toInvalidError, toQueryError, toQueryNotFoundError } from '../hunt-errors.ts';
import { isProblem, parseQuery } from '../kql/parse-query.ts';
import type { ParameterTypes } from '../query/parameters.ts';
import {
  type FindSavedQuery,
  MAX_SAVED_BYTES,
  QUERY_NAME,
  type SavedQuery,
  type SavedQueryStore,
} from '../saved-query.ts';

/** A saved query as it was sent. */
interface SavedQueryInput {
  readonly name: string;
  readonly query: string;
  readonly parameters: ParameterTypes;
  readonly description: string | undefined;
}

/** What callers do with saved queries: one library for all who may hunt. */
export interface SavedQueries {
  list(): Promise<readonly SavedQuery[]>;
  /** Throws `query_not_found`. */
  get(name: string): Promise<SavedQuery>;
  /** Writes the query, over one of the same name. */
  put(caller: Caller, input: SavedQueryInput): Promise<{ saved: SavedQuery; isNew: boolean }>;
  /** Throws `query_not_found`. */
  remove(name: string): Promise<void>;
  readonly find: FindSavedQuery;
}

/** Creates the library. */
export function createSavedQueries({
  queries,
  now,
}: {
  queries: SavedQueryStore;
  now: () => number;
}): SavedQueries {
  const get = async (name: string) => {
    const found = QUERY_NAME.test(name) ? await queries.find(name) : undefined;
    if (!found) throw toQueryNotFoundError();
    return found.value;
  };
  return {
    list: queries.list,
    get,
    async put(caller, input) {
      check(input);
      let isNew = false;
      const at = now();
      const saved = await change(queries, input.name, (before) => {
        isNew = before === undefined;
        return {
          ...input,
          updatedBy: caller.id,
          createdAt: before?.createdAt ?? at,
          updatedAt: at,
        };
      });
      if (!saved) throw toQueryNotFoundError();
      return { saved, isNew };
    },
    async remove(name) {
      // One that can't be read can be removed.
      await get(name).catch(ignoreIntegrity);
      await queries.remove(name);
    },
    async find(name) {
      const { query: text, parameters: types } = await get(name);
      return { text, types };
    },
  };
}

function ignoreIntegrity(error: unknown): void {
  if (!isIntegrityError(error)) throw error;
}

function check({ name, query }: SavedQueryInput): void {
  if (!QUERY_NAME.test(name)) {
    throw toInvalidError(
      'The name of the query is not acceptable.',
      'Use 1 to 64 lower-case letters, digits, hyphens and underscores; no GUID.',
    );
  }
  const parsed = parseQuery(query);
  if (isProblem(parsed)) throw toQueryError(parsed);
  if (Buffer.byteLength(query) <= MAX_SAVED_BYTES) return;
  throw toInvalidError(
    'The parameter query is larger than 256 KB.',
    'Give long lists of values as a parameter of the type dynamic.',
  );
}
