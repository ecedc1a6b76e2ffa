import type { RowState, SignedVersion } from '../audit/row-state.ts';

/**
 * Why a row decides nothing. `forged`: its MAC is missing or wrong; `key_lost`: the key of its MAC
 * is not in the ring; `older`: an event names a newer version; `conflicting`: an event names other
 * content under the same version; `missing`: no event says that it was removed; `other_ledger`: it
 * is of a ledger before this one, whose rows were accepted without it.
 */
export type RowProblem =
  | 'forged'
  | 'key_lost'
  | 'older'
  | 'conflicting'
  | 'missing'
  | 'other_ledger';

/**
 * `current`: the newest event and the row agree. `ahead`: the row is newer, so its event is not
 * recorded yet.
 */
export type Judgement = 'current' | 'ahead' | RowProblem;

/** Why the row decides nothing; `undefined`: it is believed. */
export function findRowProblem(judgement: Judgement): RowProblem | undefined {
  return judgement === 'current' || judgement === 'ahead' ? undefined : judgement;
}

/** Compares a row whose MAC is valid, or that is not there, with what the events say of it. */
export function judgeRow(
  known: RowState | undefined,
  found: SignedVersion | undefined,
  { ledgerId, now }: { ledgerId: string | undefined; now: number },
): Judgement {
  if (!found) return isExpected(known, now) ? 'missing' : 'current';
  if (!known) return found.ledgerId === ledgerId ? 'ahead' : 'other_ledger';
  if (found.version < known.version) return 'older';
  if (found.version > known.version) {
    return found.ledgerId === ledgerId ? 'ahead' : 'other_ledger';
  }
  return found.digest === known.digest ? 'current' : 'conflicting';
}

/** Whether the row has to be there. */
function isExpected(known: RowState | undefined, now: number): boolean {
  if (known?.digest === undefined) return false;
  return known.endsAt === undefined || now < known.endsAt;
}
