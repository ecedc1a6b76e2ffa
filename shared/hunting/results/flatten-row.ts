/** Levels of a value; V8 writes some thousands, and readers of the results may take fewer. */
const MAX_DEPTH = 100;

/** What stands in the place of a value that is nested deeper. */
const TOO_DEEP = JSON.stringify(`[left out: nested deeper than ${MAX_DEPTH} levels]`);

/** A whole string, or what stands between values. */
const TOKEN = /"(?:[^"\\]+|\\.)*"|[[\]{},:]/g;

const STEPS: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/**
 * A row, as JSON text, whose values are nested no deeper than can be written: a deeper one is left
 * out, with the reason in its place. All else stays as it is, digit by digit.
 */
export function flattenRow(row: string): string {
  let flat = '';
  let taken = 0;
  let valueAt = 0;
  let depth = 0;
  let deepest = 0;
  for (const { 0: token, index } of row.matchAll(TOKEN)) {
    const isEnd = depth === 1 && (token === ',' || token === '}');
    // The row itself is a level.
    if (isEnd && deepest > MAX_DEPTH + 1) {
      flat += row.slice(taken, valueAt) + TOO_DEEP;
      taken = index;
    }
    depth += STEPS[token] ?? 0;
    if (depth === 1 && (token === ':' || isEnd)) {
      valueAt = index + 1;
      deepest = 0;
    }
    deepest = Math.max(deepest, depth);
  }
  return flat + row.slice(taken);
}
