import type { Store } from '../store.ts';
import type { ParameterTypes } from './query/parameters.ts';

/** A query that is kept under a name, for all who may hunt. Epoch milliseconds. */
export interface SavedQuery {
  readonly name: string;
  readonly query: string;
  readonly parameters: ParameterTypes;
  readonly description: string | undefined;
  /** The caller who wrote it last. */
  readonly updatedBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The saved queries. */
export interface SavedQueryStore extends Store<string, SavedQuery> {
  /** All of them, by name. */
  list(): Promise<readonly SavedQuery[]>;
}

/** The text and the parameters of a saved query; throws `query_not_found`. */
export type FindSavedQuery = (
  name: string,
) => Promise<{ readonly text: string; readonly types: ParameterTypes }>;

/** Names of saved queries; no GUID: a tenant's id in it would outlive its offboarding. */
export const QUERY_NAME = /^(?!\w{8}-?(?:\w{4}-?){3}\w{12}$)[a-z0-9][a-z0-9_-]{0,63}$/;

/** Bytes of a saved query: what a person wrote. Hunts may be longer by their parameters. */
export const MAX_SAVED_BYTES = 256 * 1024;
