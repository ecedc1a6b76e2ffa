import { formatBar, formatJudged, isHeld, type Row, type SectionResult } from './row.ts';
import type { SectionName } from './sections.ts';

/** A section as it is kept; `error` when it broke down. */
export interface Finished {
  readonly name: SectionName;
  readonly seconds: number;
  readonly result?: SectionResult;
  readonly error?: string;
}

/** What a run came to, for the terminal, and whether all of it is in order. */
interface Conclusion {
  readonly lines: readonly string[];
  readonly isBroken: boolean;
  readonly isShort: boolean;
}

/** Says which sections broke down and which rows fall short of their bars. */
export function conclude(finished: readonly Finished[]): Conclusion {
  const rows = listRows(finished);
  const missed = rows.filter((row) => isHeld(row) === false);
  const broken = finished.filter(({ error }) => error !== undefined);
  const judged = rows.filter(({ bar }) => bar !== undefined);
  const sum =
    missed.length === 0
      ? `All ${judged.length} bars hold.`
      : `${missed.length} of ${judged.length} bars do not hold:`;
  return {
    lines: [
      ...broken.map(({ name, error }) => `Section ${name} broke down: ${error}`),
      sum,
      ...missed.map((row) => `  ${row.what}: ${formatJudged(row)} instead of ${formatBar(row)}`),
    ],
    isBroken: broken.length > 0,
    isShort: missed.length > 0,
  };
}

/** The rows of all sections. */
export function listRows(finished: readonly Finished[]): readonly Row[] {
  return finished.flatMap(({ result }) => result?.rows ?? []);
}
