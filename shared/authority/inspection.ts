import type { RowName } from './row-state.ts';

/**
 * Whether a row is to be accepted with the content of this SHA-256; `undefined`: as one that is
 * gone.
 */
export type IsMeant = (name: RowName, digest: string | undefined) => boolean;

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
}

/** What became of rows that were to be accepted. */
export interface Acceptance {
  readonly accepted: readonly RowName[];
  readonly unreadable: readonly RowName[];
}
