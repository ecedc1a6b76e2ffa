/** What was measured, with its unit. */
interface Figure {
  readonly value: number;
  readonly unit: string;
}

/** What a section has to reach; `of` says which figure is judged. */
interface Bar {
  readonly of: 'measured' | 'ratio';
  readonly is: 'at most' | 'at least';
  readonly limit: number;
}

/** One line of a section: a figure, what it is compared with in the same run, and the bar. */
export interface Row {
  readonly what: string;
  readonly measured: Figure;
  /** A peer or a floor: measured in the same run, or what the task takes at least. */
  readonly against: Figure & { readonly name: string };
  /** How the two compare; which way round, `what` says. */
  readonly ratio?: number;
  readonly bar?: Bar;
  /** What keeps the row from its bar on some machines, and how the run shows it. */
  readonly limit?: string;
}

/** What a section found out. */
export interface SectionResult {
  readonly rows: readonly Row[];
  /** What a reader has to know to judge the rows. */
  readonly notes: readonly string[];
}

/** Whether a row keeps its bar; `undefined` where it has none. */
export function isHeld({ measured, ratio, bar }: Row): boolean | undefined {
  if (!bar) return undefined;
  const judged = bar.of === 'ratio' ? (ratio ?? Number.NaN) : measured.value;
  return bar.is === 'at most' ? judged <= bar.limit : judged >= bar.limit;
}

/** `12,345 req/s`, `0.31 µs`: three digits that say something. */
export function formatFigure({ value, unit }: Figure): string {
  return `${formatNumber(value)} ${unit}`.trim();
}

/** `1.02×`. */
export function formatRatio(ratio: number): string {
  return `${formatNumber(ratio)}×`;
}

/** What the bar is about, as it was measured. */
export function formatJudged({ measured, ratio, bar }: Row): string {
  return bar?.of === 'ratio' ? formatRatio(ratio ?? Number.NaN) : formatFigure(measured);
}

/** `≤ 1.5×`, `≥ 80 %` and the like. */
export function formatBar({ measured, bar }: Row): string {
  if (!bar) return '';
  const sign = bar.is === 'at most' ? '≤' : '≥';
  const limit = { value: bar.limit, unit: measured.unit };
  return `${sign} ${bar.of === 'ratio' ? formatRatio(bar.limit) : formatFigure(limit)}`;
}

function formatNumber(value: number): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 2;
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: Math.abs(value) < 1 ? 3 : digits,
  });
}
