import type { AuthorityTable, CheckedRow, StreamTable } from '../audit/row-state.ts';

/**
 * Whether a row is to be accepted with the content of this SHA-256; `undefined`: as one that is
 * gone.
 */
export type IsMeant = (name: CheckedRow, digest: string | undefined) => boolean;

/** A table whose rows can be looked at as a whole. */
export interface Inspectable {
  /**
   * Looks at every row, and for every row that has to be there; what is wrong is with the monitor.
   * Answers how many there are.
   */
  inspect(): Promise<number>;
  /**
   * Takes rows that are not believed as they stand, and those that are gone as removed; the caller
   * records it. Answers which, and those that can't be read at all.
   */
  accept(isMeant: IsMeant): Promise<Acceptance>;
  /**
   * Removes entries that are not believed; answers which. Only of streams: a row that decides
   * something is removed by what it is about.
   */
  discard?(isMeant: IsMeant): Promise<Acceptance>;
}

/** Everything that can be looked at. */
export type Inspectables = Readonly<Record<AuthorityTable | StreamTable | 'refusals', Inspectable>>;

/** What became of rows that were to be accepted. */
export interface Acceptance {
  readonly accepted: readonly CheckedRow[];
  readonly unreadable: readonly CheckedRow[];
  /** How many, where `accepted` names only the first. */
  readonly count?: number;
}
