import type { CheckedRow, RefusalTable } from '../audit/row-state.ts';

/**
 * Why a queue message or a row was refused. `other_queue`: it was moved; `expired`: it was sent
 * again after a day, or nobody took it for a day; `changed`: it does not open; `key_lost`: its key
 * is not in the ring; `too_large`: it unpacks beyond its limit; `damaged`: it can't be read, or was
 * gone.
 */
export type RefusalProblem =
  | 'other_queue'
  | 'expired'
  | 'changed'
  | 'key_lost'
  | 'too_large'
  | 'damaged';

/** Something that was refused, and did nothing. */
export interface Refusal extends CheckedRow {
  readonly table: RefusalTable;
  readonly problem: RefusalProblem;
}
