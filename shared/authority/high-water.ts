import { type RowName, type RowState, toNameText } from '../audit/row-state.ts';
import { createBoundedMap } from '../bounded-map.ts';

/** Rows whose event is still on the way are few; this bounds a ledger that was down for long. */
const MAX_ROWS = 10_000;

/**
 * The highest version of each row that this process wrote or saw, while the ledger does not name it
 * yet.
 */
interface HighWater {
  note(name: RowName, state: RowState): void;
  /** The higher one of what the ledger says and what this process wrote or saw. */
  raise(name: RowName, known: RowState | undefined): RowState | undefined;
}

/** Creates the marks of one process. */
export function createHighWater(): HighWater {
  const marks = createBoundedMap<RowState>(MAX_ROWS);
  return {
    note(name, { version, digest, endsAt }) {
      const key = toNameText(name);
      if ((marks.get(key)?.version ?? 0) < version) marks.set(key, { version, digest, endsAt });
    },
    raise(name, known) {
      const key = toNameText(name);
      const mark = marks.get(key);
      if (!mark) return known;
      if (known === undefined || known.version < mark.version) return mark;
      marks.delete(key);
      return known;
    },
  };
}
