import type { TimeSpan } from '../kql/edit-query.ts';

/** A span that is still to be asked. */
export interface PlannedSpan extends TimeSpan {
  /** About how many rows it holds; `undefined`: nobody knows. */
  readonly rows: number | undefined;
  /**
   * At most so many of its rows: the span is too short to be cut, and all of them are too large.
   */
  readonly take?: number;
}

/** How many rows begin at a time: one bin of the count. */
export interface CountedBin {
  readonly at: number;
  readonly rows: number;
}

/** Rows that are asked for at once: Microsoft answers 100,000, and counts may be wrong. */
export const MAX_SPAN_ROWS = 80_000;

/** Bytes that are asked for at once: Microsoft answers 50 MB. */
const MAX_SPAN_BYTES = 40_000_000;

/** Parts of a span whose rows nobody could count. */
const UNKNOWN_PARTS = 8;

/** Times are asked for in milliseconds: what is shorter can't be cut. */
const MIN_SPAN_MS = 1;

/** So many bins and no more: the plan is kept with the run. */
const MAX_BINS = 400;

/** How long a bin of the count is. */
export function toBinMs({ from, to }: TimeSpan): number {
  return Math.max(1000, Math.ceil((to - from) / MAX_BINS / 1000) * 1000);
}

/**
 * Spans without a gap, oldest first, so that data that arrives late is asked for last; each of
 * about `target` rows.
 */
export function planSpans(
  { from, to }: TimeSpan,
  bins: readonly CountedBin[],
  target: number,
): readonly PlannedSpan[] {
  const inside = bins.filter(({ at }) => at < to).toSorted((a, b) => a.at - b.at);
  const starts = inside.map(({ at }, index) => (index === 0 ? from : Math.max(at, from)));
  const all = inside.map(({ rows }, index) => ({
    from: starts[index] ?? from,
    to: starts[index + 1] ?? to,
    rows,
  }));
  // Bins that end before the span begins hold none of its time.
  const spans = all.filter((span) => span.from < span.to);
  return replanSpans(spans.length === 0 ? [{ from, to, rows: 0 }] : spans, target);
}

/** Equal parts of a span whose rows nobody could count. */
export function planBlindly(span: TimeSpan): readonly PlannedSpan[] {
  return cutSpan({ ...span, rows: undefined }, UNKNOWN_PARTS);
}

/** The same time in spans of about `target` rows. */
export function replanSpans(spans: readonly PlannedSpan[], target: number): readonly PlannedSpan[] {
  const fine = spans.flatMap((span) => cutSpan(span, Math.ceil((span.rows ?? 0) / target)));
  const merged: PlannedSpan[] = [];
  for (const span of fine) {
    const last = merged.at(-1);
    const together = addRows(last, span);
    if (last && together !== undefined && together <= target) {
      merged[merged.length - 1] = { from: last.from, to: span.to, rows: together };
    } else merged.push(span);
  }
  return merged;
}

/** A span in so many equal parts; a single one when it is too short to be cut. */
export function cutSpan(span: PlannedSpan, count: number): readonly PlannedSpan[] {
  const { from, to, rows } = span;
  const parts = Math.min(Math.max(1, count), Math.floor((to - from) / MIN_SPAN_MS));
  if (parts <= 1) return [span];
  const bounds = Array.from({ length: parts + 1 }, (_, index) =>
    Math.round(from + ((to - from) * index) / parts),
  );
  return bounds.slice(1).map((end, index) => ({
    from: bounds[index] ?? from,
    to: end,
    rows: rows === undefined ? undefined : Math.ceil(rows / parts),
  }));
}

/** Whether a span can be cut. */
export function isDivisible({ from, to }: TimeSpan): boolean {
  return to - from > MIN_SPAN_MS;
}

/** How many rows to ask for at once, seeing what some weighed. */
export function toTarget({ rows, bytes }: { rows: number; bytes: number }): number {
  if (rows === 0) return MAX_SPAN_ROWS;
  return Math.max(1, Math.min(MAX_SPAN_ROWS, Math.floor(MAX_SPAN_BYTES / (bytes / rows))));
}

function addRows(one: PlannedSpan | undefined, other: PlannedSpan): number | undefined {
  if (one?.take !== undefined || other.take !== undefined) return undefined;
  if (one?.rows === undefined || other.rows === undefined) return undefined;
  return one.rows + other.rows;
}
